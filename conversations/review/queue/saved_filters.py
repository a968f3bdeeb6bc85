"""Names that a reviewer gives to URLs of the queue."""

from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from conversations.review.models import SavedFilter

# A list longer than this helps nobody to find anything.
MOST = 50


class TooManySavedFiltersError(UserFacingError):
    def __init__(self) -> None:
        super().__init__(_("You have 50 saved filters already. Delete one first."))


def save_filter(*, user: User, name: str, query: str) -> SavedFilter:
    """The same name again means the filter that it stands for from now on."""
    others = SavedFilter.objects.filter(user=user).exclude(name=name)
    if others.count() >= MOST:
        raise TooManySavedFiltersError
    saved, _created = SavedFilter.objects.update_or_create(
        user=user, name=name, defaults={"query": query}
    )
    return saved

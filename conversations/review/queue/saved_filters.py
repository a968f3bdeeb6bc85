"""Names that a reviewer gives to URLs of the queue."""

from chatsite.accounts.models import User
from conversations.review.models import SavedFilter

# A list longer than this helps nobody to find anything.
MOST = 50


class TooMany(Exception):
    pass


def save(*, user: User, name: str, query: str) -> SavedFilter:
    """The same name again means the filter that it stands for from now on."""
    others = SavedFilter.objects.filter(user=user).exclude(name=name)
    if others.count() >= MOST:
        raise TooMany
    saved, _created = SavedFilter.objects.update_or_create(
        user=user, name=name, defaults={"query": query}
    )
    return saved

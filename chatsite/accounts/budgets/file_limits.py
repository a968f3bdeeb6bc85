"""What a user may upload, where the administration says so: how much of one file and of all, and
which kinds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from chatsite.accounts.models import Limit, User

MEGABYTE = 1024 * 1024
# As settings.FILE_KINDS names them.
KINDS = {
    "image": pgettext_lazy("kinds of files", "Images"),
    "pdf": pgettext_lazy("kinds of files", "PDFs"),
    "text": pgettext_lazy("kinds of files", "Text"),
    "document": pgettext_lazy("kinds of files", "Documents"),
}


@dataclass(frozen=True)
class UserFileLimits:
    """Sizes in bytes; None limits nothing."""

    file_size: int | None
    stored_size: int | None
    kinds: frozenset[str] | None


def find_file_limits(user: User) -> UserFileLimits:
    """Return the tightest of those that hold for a user: their own, those of their groups, and
    everybody's. Only kinds that all of them have are taken.
    """
    everybody = Q(user=None, group=None)
    held = Limit.objects.filter(Q(user=user) | Q(group__in=user.groups.all()) | everybody)
    limits = list(held.distinct())
    kinds = [frozenset(limit.file_kinds) for limit in limits if limit.file_kinds]
    return UserFileLimits(
        find_least(limit.file_megabytes for limit in limits),
        find_least(limit.stored_megabytes for limit in limits),
        frozenset.intersection(*kinds) if kinds else None,
    )


def find_least(megabytes: Iterable[int | None]) -> int | None:
    """Return the least of them in bytes; None where there is none."""
    return min((each * MEGABYTE for each in megabytes if each is not None), default=None)

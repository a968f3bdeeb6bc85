"""How much a user may upload, where the administration says so: of one file, and of all."""

from dataclasses import dataclass

from django.db.models import Min, Q

from chatsite.accounts.models import Limit, User

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class UserFileLimits:
    """In bytes; None limits nothing."""

    file_size: int | None
    stored_size: int | None


def find_file_limits(user: User) -> UserFileLimits:
    """Return the tightest of those that hold for a user: their own, those of their groups, and
    everybody's.
    """
    everybody = Q(user=None, group=None)
    held = Limit.objects.filter(Q(user=user) | Q(group__in=user.groups.all()) | everybody)
    found = held.aggregate(file=Min("file_megabytes"), stored=Min("stored_megabytes"))
    return UserFileLimits(count_bytes(found["file"]), count_bytes(found["stored"]))


def count_bytes(megabytes: int | None) -> int | None:
    return None if megabytes is None else megabytes * MEGABYTE

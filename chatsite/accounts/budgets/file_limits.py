"""What a user may upload, where the administration says so: how much of one file and of all, and
which kinds.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

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

    file_size: int | None = None
    stored_size: int | None = None
    kinds: frozenset[str] | None = None


def combine_file_limits(
    file_megabytes: int | None,
    stored_megabytes: int | None,
    kinds: Iterable[Collection[str] | None],
) -> UserFileLimits:
    """Return the limits of files that follow from all that hold: the least sizes, and only kinds
    that all of them have that name any.
    """
    named = [frozenset(each) for each in kinds if each]
    return UserFileLimits(
        to_bytes(file_megabytes),
        to_bytes(stored_megabytes),
        frozenset.intersection(*named) if named else None,
    )


def to_bytes(megabytes: int | None) -> int | None:
    return None if megabytes is None else megabytes * MEGABYTE

"""How large files may be, how many go with a message, and which kinds are taken: by the site's
settings, and by what the administration allows a user.
"""

from dataclasses import dataclass, replace

from django.conf import settings

from chatsite.accounts.budgets.status import EffectiveLimits, compute_effective_limits
from chatsite.accounts.models import User
from conversations.attachments.models import Attachment

PIECE_SIZE = 1024 * 1024
"""Bytes that are uploaded at once."""


@dataclass(frozen=True)
class FileLimits:
    """In bytes, but for `files` a message; `user_size` None limits nothing."""

    file_size: int
    message_size: int
    user_size: int | None
    files: int
    kinds: frozenset[str]

    @property
    def are_allowed(self) -> bool:
        return bool(self.kinds) and self.file_size > 0

    @property
    def kind_names(self) -> str:
        """Return them in one order, for the page's script."""
        return " ".join(sorted(self.kinds))


def read_limits_of(user: User, held: EffectiveLimits | None = None) -> FileLimits:
    """Return what holds for a user: the tighter of the site's limits and their own, which are read
    unless they are given.
    """
    limits, own = read_limits(), (held or compute_effective_limits(user)).files
    return replace(
        limits,
        file_size=tighter(limits.file_size, own.file_size) or 0,
        user_size=tighter(limits.user_size, own.stored_size),
        kinds=limits.kinds if own.kinds is None else limits.kinds & own.kinds,
    )


def tighter(one: int | None, other: int | None) -> int | None:
    return min((limit for limit in (one, other) if limit is not None), default=None)


def read_limits() -> FileLimits:
    """Return what holds for everybody."""
    return FileLimits(
        file_size=settings.FILE_SIZE_LIMIT,
        message_size=settings.MESSAGE_FILES_LIMIT,
        user_size=settings.USER_FILES_LIMIT or None,
        files=settings.FILES_PER_MESSAGE,
        kinds=frozenset(settings.FILE_KINDS) & frozenset(Attachment.Kind.values),
    )

"""Whether who was let in may go on, for responses that last: a stream, a download.

While one is open sessions end, accounts are closed, passwords change and roles are taken away.
"""

import errno
import time
from collections.abc import Iterable, Iterator

from django.contrib.auth import get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from chatsite.accounts.models import User
from chatsite.accounts.second_factor.services import lacks_second_factor
from chatsite.core.connections import release_connection

# Seconds after which it is asked again: noticed within five, with room for work in between.
RECHECK = 4.0


class Rights:
    """Those that somebody has when their request begins, and the policy leaves them."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._let_in_as = read_access_version(request.user)

    def user(self) -> User | None:
        """Who was let in, as they are now; None when anything was taken from them since."""
        key = self._request.session.session_key
        if not (key and self._request.session.exists(key)):
            return None
        user = get_user(self._request)
        if not isinstance(user, User) or user.access_version != self._let_in_as:
            return None
        return None if lacks_second_factor(user) else user

    def guard(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Passes on what is sent, and breaks the line off when the rights are gone."""
        checked_at = time.monotonic()
        for chunk in chunks:
            if time.monotonic() - checked_at >= RECHECK:
                user = self.user()
                release_connection()
                if user is None:
                    # A proper end would make half a file look whole. As if the reader had gone:
                    # the server takes note of that, and of nothing else, without an alarm.
                    raise ConnectionResetError(errno.ECONNRESET, "the reader was signed out")
                checked_at = time.monotonic()
            yield chunk


def read_access_version(user: AbstractBaseUser | AnonymousUser) -> int | None:
    """Changes when a right is lost: whoever was let in before has to ask again."""
    return user.access_version if isinstance(user, User) else None

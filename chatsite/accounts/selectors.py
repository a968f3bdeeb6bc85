"""Reads about accounts: who is meant by a name, and what the account pages show their owner."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Q

from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name
from chatsite.accounts.second_factor.adapter import SecretUnreadableError
from chatsite.accounts.user_agents import describe


def user_named(name: str) -> User | None:
    """Whom a username or an address stands for, as at sign-in."""
    return _best_match(name, Q(email_key=fold_name(name), email_key__gt=""))


def user_with_username(username: str) -> User | None:
    """Whom a username stands for, however it is written."""
    return _best_match(username, Q())


def _best_match(name: str, or_else: Q) -> User | None:
    """A username may look like another user's address, and comes first; to the letter first of
    all, as accounts from before names were folded may share a folded one.
    """
    key = fold_name(name)
    found = User.objects.filter(Q(username=name) | Q(username_key=key) | or_else)
    return min(
        found, key=lambda user: (user.username != name, user.username_key != key), default=None
    )


@dataclass(frozen=True)
class ShownSession:
    pk: int
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def sessions_of(user: User, *, current_key: str | None) -> list[ShownSession]:
    """Those that are signed in, the current one first, then the latest used."""
    shown = [
        ShownSession(
            pk=session.pk,
            device=describe(session.user_agent),
            address=session.ip,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            is_current=session.session_key == current_key,
        )
        for session in UserSession.objects.purge_and_list(user)
    ]
    return sorted(shown, key=lambda one: (one.is_current, one.last_seen_at), reverse=True)


@dataclass(frozen=True)
class RecoveryCodes:
    # None: they can't be read, because the secret key has changed.
    left: int | None
    total: int


@dataclass(frozen=True)
class Factors:
    """What somebody has beside their password."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes: RecoveryCodes | None

    def __bool__(self) -> bool:
        return bool(self.app or self.passkeys)


def factors_of(user: User) -> Factors:
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    by_type = {row.type: row for row in rows}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return Factors(
        app=by_type.get(Authenticator.Type.TOTP),
        passkeys=[row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        codes=recovery_codes(codes) if codes else None,
    )


def recovery_codes(row: Authenticator) -> RecoveryCodes:
    try:
        left = len(row.wrap().get_unused_codes())
    except SecretUnreadableError:
        left = None
    return RecoveryCodes(left, mfa_settings.RECOVERY_CODE_COUNT)

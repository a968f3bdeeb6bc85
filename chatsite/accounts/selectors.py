"""Reads about accounts: who is meant by a name, and what the account pages show their owner."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db.models import Q

from chatsite.accounts.models import User
from chatsite.accounts.user_agents import describe


def user_named(name: str) -> User | None:
    """Whom a username or an address stands for, as at sign-in."""
    found = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name, email__gt=""))
    # A username may look like somebody else's address; it comes first, as at sign-in.
    return next(iter(sorted(found, key=lambda user: user.username.lower() != name.lower())), None)


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

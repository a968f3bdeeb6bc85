"""Reads about sessions: those that the account pages show their owner."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession

from chatsite.accounts.models import User
from chatsite.accounts.sessions.user_agents import describe_user_agent


@dataclass(frozen=True)
class SessionRow:
    pk: int
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


def list_sessions(user: User, *, current_key: str | None) -> list[SessionRow]:
    """List the sessions that are signed in, the current one first, then the latest used."""
    shown = [
        SessionRow(
            pk=session.pk,
            device=describe_user_agent(session.user_agent),
            address=session.ip,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            is_current=session.session_key == current_key,
        )
        for session in UserSession.objects.purge_and_list(user)
    ]
    return sorted(shown, key=lambda one: (one.is_current, one.last_seen_at), reverse=True)

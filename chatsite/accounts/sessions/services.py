"""Revoke sessions: one, all others, or all. Their browsers are signed out with their next request,
and the replies they follow close within seconds. Only when all are ended does the work end that
goes on without a browser (`signals.access_ended`).
"""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.shortcuts import get_object_or_404
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.accounts.signals import access_ended


def revoke_session(*, user: User, pk: int) -> str:
    """End one session and return its key; 404 when it is another user's."""
    session = get_object_or_404(UserSession, pk=pk, user=user)
    session.end()
    return str(session.session_key)


def revoke_all_sessions(*, user: User, but: str | None = None) -> None:
    """End every session of the user, except the one with the key `but`."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but or ""):
        session.end()
    if but is None:
        access_ended.send(sender=User, user=user)


def revoke_sessions_after_reset(*, user: User, **_signal: Any) -> None:
    """End all sessions: whoever gets back in by a link may be getting an intruder out."""
    revoke_all_sessions(user=user)


def delete_expired_sessions() -> None:
    """Delete sessions that expired: they are of no use, and hold addresses of people who only began
    to sign in.
    """
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    living = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=living).delete()

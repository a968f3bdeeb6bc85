"""Django's sessions in the database, asked only for keys that could be one."""

import re

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from chatsite.core.prepared import PreparedQuery, Slot

KEY = re.compile(r"[a-z0-9]{8,40}")

# Each request asks for one, and so does each stream as long as it lasts.
LIVING = PreparedQuery(
    lambda: Session.objects.filter(
        session_key=Slot("key", CharField()), expire_date__gt=Slot("now", DateTimeField())
    )
)
BY_KEY = PreparedQuery(lambda: Session.objects.filter(session_key=Slot("key", CharField())))


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        # A cookie may hold anything; PostgreSQL refuses some of it with an error.
        return bool(key and KEY.fullmatch(key))

    def _get_session_from_db(self) -> Session | None:
        session = LIVING.find(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session

    def exists(self, session_key: str) -> bool:
        return BY_KEY.find(key=session_key) is not None

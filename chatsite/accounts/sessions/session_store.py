"""Django's sessions in the database, asked only for keys that could be one."""

import re

from django.contrib.sessions.backends import db

KEY = re.compile(r"[a-z0-9]{8,40}")


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        # A cookie may hold anything; PostgreSQL refuses some of it with an error.
        return bool(key and KEY.fullmatch(key))

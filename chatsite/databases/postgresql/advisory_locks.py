"""Locks of PostgreSQL that belong to a session: gone with it, however its process ends.

Each is held on a connection of its own, which nothing else uses. Behind a pooler that hands
connections round (PgBouncer's transaction mode) a session is nobody's, and the locks mean nothing.
"""

from enum import IntEnum
from typing import Any

import psycopg
from django.db import connection

# Noticed when the way to the server is cut, and no router forgets the line.
KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
CONNECT_TIMEOUT = 10  # seconds


class Lock(IntEnum):
    """Numbers that nobody else on the database uses: "chatsite" in ASCII, and the next one."""

    SERVER = 0x6368617473697465
    MIGRATION = SERVER + 1


def open_session() -> psycopg.Connection[Any]:
    """Raises psycopg.OperationalError where the server is away."""
    parameters = connection.get_connection_params()
    return psycopg.connect(
        **parameters | KEEPALIVE | {"connect_timeout": CONNECT_TIMEOUT}, autocommit=True
    )


def try_lock(session: psycopg.Connection[Any], lock: Lock, *, is_shared: bool = False) -> bool:
    """Take the lock for this session, alone or with others that share it; False when that can't be
    had.
    """
    function = "pg_try_advisory_lock_shared" if is_shared else "pg_try_advisory_lock"
    row = session.execute(f"SELECT {function}(%s::bigint)", [int(lock)]).fetchone()
    return bool(row and row[0])

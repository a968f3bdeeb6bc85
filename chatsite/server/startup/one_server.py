"""One server a database, or several that know of each other by Redis: a server that is alone calls
unfinished replies interrupted at its start, so two would spoil each other's.

The folder's own lock (`data_dir`) doesn't see a server with another DATA_DIR on the same database.
The lock here is held by what survives becoming gunicorn: an open descriptor. For PostgreSQL that is
the connection of a session, which no longer knows a library but keeps its lock; the worker watches
it (`server/database_lock.py`).
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from chatsite.databases.postgresql.advisory_locks import Lock, open_session, try_lock
from chatsite.jobs import processes
from chatsite.server.database_lock import DESCRIPTOR
from chatsite.server.startup import LaunchError
from chatsite.server.startup.retries import retry_until_deadline

TAKEN = (
    "Another server is running on this database. "
    "Stop it, or set DATABASE_URL to a database of its own. "
    "Several servers share a database when REDIS_URL is the same for all of them."
)
# Seconds between two looks at who migrates.
PAUSE = 0.2


@contextmanager
def migration_lock(say: Callable[[str], object]) -> Iterator[None]:
    """Of several that start at once, one prepares the database, and the others wait for it."""
    if connection.vendor != "postgresql":
        yield
        return
    with open_session() as session:
        if not try_lock(session, Lock.MIGRATION):
            say("Another server is preparing the database. Waiting for it …")
            while not try_lock(session, Lock.MIGRATION):
                time.sleep(PAUSE)
        yield


def lock_database(data_dir: Path) -> int | None:
    """Take the database for this process and what it becomes; return the lock's descriptor.

    None for SQLite's file in the data folder, whose own lock says the same.
    """
    if connection.vendor == "postgresql":
        return lock_postgresql()
    path = Path(connection.settings_dict["NAME"]).resolve()
    return lock_file(path.with_name(f"{path.name}.lock")) if path.parent != data_dir else None


def lock_file(path: Path) -> int:
    """Not the database's own file: closing that would end SQLite's locks on it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        retry_until_deadline(lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError as error:
        os.close(handle)
        raise LaunchError(TAKEN) from error
    os.set_inheritable(handle, True)
    return handle


def lock_postgresql() -> int:
    session = open_session()
    try:
        retry_until_deadline(lambda: require_lock(session))
    except BlockingIOError as error:
        session.close()
        raise LaunchError(TAKEN) from error
    # The session outlives this library's idea of it: it ends with the last copy of the descriptor.
    handle = os.dup(session.fileno())
    os.set_inheritable(handle, True)
    os.environ[DESCRIPTOR] = str(handle)
    _sessions.append(session)
    return handle


# Closed by nobody: that would say goodbye to the server.
_sessions: list[psycopg.Connection[Any]] = []


def require_lock(session: psycopg.Connection[Any]) -> None:
    if not try_lock(session, Lock.SERVER, is_shared=processes.are_several()):
        raise BlockingIOError

"""Deleted text, out of the database's files.

`PRAGMA secure_delete` overwrites what is deleted with zeros, but in the write-ahead log: until a
checkpoint the main file has the old pages, and the log itself may have them for as long. So an
erasure checkpoints and empties the log at once, and the deletion of a conversation soon after.

Nobody is waited for inside SQLite, which would hold up every greenlet: a checkpoint that somebody's
reading or writing stands in the way of gives up, and is tried again. PostgreSQL does its own
cleaning (vacuum), so there is nothing to do there.
"""

import contextlib
import logging
import sqlite3
import threading
import time

from django.db import connections

from chatsite.core.offload import offload
from chatsite.databases.sqlite.base import DatabaseWrapper

logger = logging.getLogger(__name__)

# Seconds that somebody waits for it; and between two tries.
TIMEOUT = 2.0
PAUSE = 0.05

_due = threading.Event()


def scrub_files(timeout: float = TIMEOUT) -> bool:
    """Empties the log into the main file; False when somebody stood in the way for all the time.

    Then it is due, and done by whoever calls `scrub_if_due` next.
    """
    path = database_file()
    if path is None:
        return True
    deadline = time.monotonic() + timeout
    while not offload(checkpoint_log, path):
        if time.monotonic() >= deadline:
            logger.warning("deleted text is still in the database's log; trying again soon")
            _due.set()
            return False
        time.sleep(PAUSE)
    return True


def scrub_soon() -> None:
    """For what is deleted often: many deletions share one checkpoint."""
    _due.set()


def scrub_if_due() -> None:
    path = database_file()
    if path and _due.is_set():
        # Cleared first: what is deleted from here on asks again.
        _due.clear()
        if not offload(checkpoint_log, path):
            _due.set()


def database_file() -> str | None:
    """None where there is no file to scrub: on PostgreSQL, and in memory."""
    database = connections["default"]
    if not isinstance(database, DatabaseWrapper) or database.is_in_memory_db():
        return None
    return str(database.settings_dict["NAME"])


def checkpoint_log(path: str) -> bool:
    """One try over a connection of its own, which may be in any thread."""
    with contextlib.closing(sqlite3.connect(path, timeout=0, uri=True)) as database:
        try:
            # The bulk, while others go on; then what they have added, and the log is cut off.
            database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            (busy, _pages, _copied) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
    return not busy

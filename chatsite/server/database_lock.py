"""The serving process keeps its database to itself, or shares it with those that use the same
Redis: it watches over the lock that says so.

The lock belongs to a PostgreSQL session that the launcher has begun (`startup/one_server.py`). When
that ends, because the server was restarted or the line was cut, it is taken again over a new one.
If another server has it by then, this one stops: it has called our replies interrupted already.
"""

import contextlib
import logging
import os
import select
import signal
import socket
import threading
import time
from typing import Any

import psycopg
from django.db import connection

from chatsite.databases.postgresql.advisory_locks import Lock, open_session, try_lock
from chatsite.jobs import processes

logger = logging.getLogger(__name__)

# The environment variable that names the descriptor of the session's connection.
DESCRIPTOR = "DATABASE_LOCK_DESCRIPTOR"
INTERVAL = 1.0  # seconds


class DatabaseLock:
    """The thread that watches, for as long as the process serves."""

    def __init__(self) -> None:
        self._session: psycopg.Connection[Any] | None = None
        self._line = inherited_line()

    def start(self) -> None:
        if connection.vendor == "postgresql":
            threading.Thread(target=self._watch, name="database lock", daemon=True).start()

    def _watch(self) -> None:
        while (self._line and is_open(self._line)) or self._take_again():
            time.sleep(INTERVAL)
        logger.critical("Another server has taken over the database: this one stops.")
        os.kill(os.getppid(), signal.SIGTERM)
        # The first only begins it where the server drains; a second doesn't wait for that.
        time.sleep(INTERVAL)
        os.kill(os.getppid(), signal.SIGTERM)

    def _take_again(self) -> bool:
        """Whether it is ours again, or may be at the next try; False when somebody else has it."""
        try:
            self._session = open_session()
            is_ours = try_lock(self._session, Lock.SERVER, is_shared=processes.are_several())
        except psycopg.Error as error:
            logger.warning("the lock on the database can't be taken again yet: %s", error)
            self._line = None
            return True
        self._line = socket.socket(fileno=os.dup(self._session.fileno()))
        if is_ours:
            logger.warning("the lock on the database was lost, and is taken again")
        return is_ours


def inherited_line() -> socket.socket | None:
    """Of the launcher's session; None where something else than the launcher started us."""
    try:
        return socket.socket(fileno=os.dup(int(os.environ[DESCRIPTOR])))
    except (KeyError, ValueError, OSError):
        return None


def is_open(line: socket.socket) -> bool:
    """Whether the other side hasn't hung up. What it says on the way is of no interest."""
    with contextlib.suppress(OSError):
        while select.select([line], [], [], 0)[0]:
            if not line.recv(4096):
                return False
        return True
    return False

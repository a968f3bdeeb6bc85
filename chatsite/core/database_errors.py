"""What an error of the database means: a bug, or a database that can't be used right now?

Only the second may be answered with "try again", and only then does trying again help.
"""

import sqlite3
from collections.abc import Iterator
from enum import StrEnum

import psycopg


class Outage(StrEnum):
    """Why a database can't be used; the values are what `/readyz/` and logs say."""

    LOCKED = "locked by another process"
    FULL = "the disk is full"
    READ_ONLY = "read-only"
    UNREACHABLE = "unreachable"


# The lower byte of SQLite's result codes: https://www.sqlite.org/rescode.html
SQLITE = {
    sqlite3.SQLITE_BUSY: Outage.LOCKED,
    sqlite3.SQLITE_LOCKED: Outage.LOCKED,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Outage.UNREACHABLE,
    sqlite3.SQLITE_IOERR: Outage.UNREACHABLE,
    sqlite3.SQLITE_PERM: Outage.UNREACHABLE,
    sqlite3.SQLITE_PROTOCOL: Outage.UNREACHABLE,
}
# SQLSTATEs, and below their first two characters:
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRESQL = {
    "25006": Outage.READ_ONLY,  # a standby, after a failover
    "53100": Outage.FULL,
    "55P03": Outage.LOCKED,
    "57014": Outage.LOCKED,  # it took longer than the server's own limit
    "57P01": Outage.UNREACHABLE,  # the server is being shut down
    "57P02": Outage.UNREACHABLE,  # it crashed
    "57P03": Outage.UNREACHABLE,  # it is starting up
    "57P05": Outage.UNREACHABLE,  # it ended an idle session
}
POSTGRESQL_CLASSES = {
    "08": Outage.UNREACHABLE,  # the connection
    "53": Outage.UNREACHABLE,  # too many connections, no memory
    "58": Outage.UNREACHABLE,  # its own files
}


def outage_of(error: BaseException) -> Outage | None:
    """Return why the database couldn't be used; None for every other error."""
    for cause in list_causes(error):
        if isinstance(cause, sqlite3.Error):
            return SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
        if isinstance(cause, psycopg.Error):
            return outage_of_postgresql(cause)
    return None


def is_unavailable(error: BaseException) -> bool:
    return outage_of(error) is not None


def list_causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and what it was raised from: Django wraps what a driver raises."""
    while error:
        yield error
        error = error.__cause__


def outage_of_postgresql(error: psycopg.Error) -> Outage | None:
    state = error.sqlstate
    if state is None:
        # Nothing was heard of a server: no connection, a lost one, none free in the pool.
        lost = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return Outage.UNREACHABLE if lost else None
    return POSTGRESQL.get(state) or POSTGRESQL_CLASSES.get(state[:2])

"""Which errors of a database are outages, and which are bugs."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, OperationalError
from psycopg import errors

from chatsite.core.database_errors import Outage, is_unavailable, outage_of


def wrapped(cause: Exception) -> DatabaseError:
    """As Django raises what a driver has raised."""
    error = OperationalError(*cause.args)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "outage"),
    [
        (psycopg.OperationalError("connection refused"), Outage.UNREACHABLE),
        (psycopg.InterfaceError("the connection is closed"), Outage.UNREACHABLE),
        (errors.AdminShutdown(), Outage.UNREACHABLE),
        (errors.CannotConnectNow(), Outage.UNREACHABLE),
        (errors.TooManyConnections(), Outage.UNREACHABLE),
        (errors.DiskFull(), Outage.FULL),
        (errors.ReadOnlySqlTransaction(), Outage.READ_ONLY),
        (errors.LockNotAvailable(), Outage.LOCKED),
        (errors.UndefinedTable(), None),
        (errors.UniqueViolation(), None),
        (errors.DeadlockDetected(), None),
    ],
)
def test_postgresqls_errors_are_told_apart(cause: psycopg.Error, outage: Outage | None) -> None:
    assert outage_of(wrapped(cause)) == outage


def failure(path: str, *statements: str) -> sqlite3.Error:
    with pytest.raises(sqlite3.Error) as raised:
        execute(path, *statements)
    return raised.value


def execute(path: str, *statements: str) -> None:
    with closing(sqlite3.connect(path, timeout=0, uri=True)) as database:
        for statement in statements:
            database.execute(statement)


def test_a_full_sqlite_is_an_outage() -> None:
    # As many pages as there are already.
    statements = ("PRAGMA max_page_count=1", "CREATE TABLE a (b)", "CREATE TABLE c (d)")
    assert outage_of(wrapped(failure(":memory:", *statements))) == Outage.FULL


def test_a_read_only_sqlite_is_an_outage(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    sqlite3.connect(path).close()
    error = failure(f"file:{path}?mode=ro", "CREATE TABLE a (b)")
    assert outage_of(wrapped(error)) == Outage.READ_ONLY


def test_a_sqlite_that_can_not_be_opened_is_an_outage(tmp_path: Path) -> None:
    error = failure(f"{tmp_path}/missing/db.sqlite3")
    assert outage_of(wrapped(error)) == Outage.UNREACHABLE


def test_a_table_that_is_missing_is_a_bug() -> None:
    assert not is_unavailable(wrapped(failure(":memory:", "SELECT * FROM nothing")))


def test_an_error_of_something_else_is_none() -> None:
    assert not is_unavailable(ValueError())
    assert not is_unavailable(DatabaseError("raised by Django itself"))

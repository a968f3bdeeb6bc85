"""SQLite as a server needs it: connections that are kept, and no waiting inside C.

Connections are kept when Django closes them, and used again by whoever is next. Opening one takes
0.5 ms and 60 calls, closing 0.2 ms, several times a reply; and closing the last one checkpoints the
write-ahead log.
"""

import contextlib
import math
import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.backends.sqlite3 import base

from chatsite.databases.sqlite import busy

_idle: defaultdict[str, list[Any]] = defaultdict(list)


class Cursor(base.SQLiteCursorWrapper):
    """Waits for the write lock as `busy` does; a number that no row can have finds none."""

    def execute(self, query: str, params: Any = None) -> Any:
        try:
            return self._wait_for_lock(super().execute, query, params)
        except OverflowError:
            # As on PostgreSQL: forms ask for the rows of whatever numbers they are sent.
            if not query.startswith("SELECT"):
                raise
            comparable = [make_comparable(value) for value in params]
            return self._wait_for_lock(super().execute, query, comparable)

    def executemany(self, query: str, param_list: Any) -> Any:
        return self._wait_for_lock(super().executemany, query, param_list)

    def _wait_for_lock(self, execute: Callable[[str, Any], Any], query: str, params: Any) -> Any:
        try:
            return execute(query, params)
        except sqlite3.OperationalError as error:
            if not busy.is_busy(error, self.connection):
                raise
            return busy.retry_while_busy(lambda: execute(query, params), error, self.connection)


def make_comparable(value: Any) -> Any:
    """Return what compares as the value does with what is stored: an integer has 64 bits."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return math.inf if value > 0 else -math.inf
    return value


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        return super().get_connection_params() | {"timeout": 0}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return _idle[conn_params["database"]].pop()
        except IndexError:
            if not self.is_in_memory_db():
                make_private(str(conn_params["database"]))
        try:
            return super().get_new_connection(conn_params)
        except sqlite3.OperationalError as error:
            # A new file is written to when it is opened.
            if not busy.is_busy(error, None):
                raise
            return busy.retry_while_busy(lambda: self._open(conn_params), error)

    def _open(self, conn_params: dict[str, Any]) -> Any:
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def _close(self) -> None:
        connection = self.connection
        if connection is None or self.is_in_memory_db() or self.errors_occurred:
            super()._close()  # type: ignore[misc]
            return
        if connection.in_transaction:
            connection.rollback()
        _idle[str(self.settings_dict["NAME"])].append(connection)


def make_private(path: str) -> None:
    """Makes a new database's file, which holds what people write, for its owner alone.

    SQLite gives the files beside it the same permissions.
    """
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))

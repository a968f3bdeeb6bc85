"""SQLite whose connections are kept when Django closes them, and used again by whoever is next.

Opening one takes 0.5 ms and 60 calls, closing 0.2 ms, several times a reply; and closing the last
one checkpoints the write-ahead log.
"""

import contextlib
import os
from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base

_idle: defaultdict[str, list[Any]] = defaultdict(list)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return _idle[conn_params["database"]].pop()
        except IndexError:
            if not self.is_in_memory_db():
                make_private(str(conn_params["database"]))
            return super().get_new_connection(conn_params)

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

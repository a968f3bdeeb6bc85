"""SQLite whose connections are kept when Django closes them, and used again by whoever is next.

Opening one takes 0.5 ms and 60 calls, closing 0.2 ms, several times a reply; and closing the last
one checkpoints the write-ahead log.
"""

from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base

_idle: defaultdict[str, list[Any]] = defaultdict(list)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return _idle[conn_params["database"]].pop()
        except IndexError:
            return super().get_new_connection(conn_params)

    def _close(self) -> None:
        connection = self.connection
        if connection is None or self.is_in_memory_db() or self.errors_occurred:
            super()._close()  # type: ignore[misc]
            return
        if connection.in_transaction:
            connection.rollback()
        _idle[str(self.settings_dict["NAME"])].append(connection)

"""PostgreSQL as a server needs it: who waits for a connection waits long where all are in use, and
not where the server is away.
"""

import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg_pool import PoolTimeout

from chatsite.databases.postgresql.connections import contact

# Seconds that somebody waits for one of many; the pool itself gives up after one (`databases`).
TIMEOUT = 10.0


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        deadline = time.monotonic() + TIMEOUT
        while True:
            began = time.monotonic()
            try:
                return super().get_new_connection(conn_params)
            except PoolTimeout:
                if contact.is_lost_since(began) or time.monotonic() >= deadline:
                    raise

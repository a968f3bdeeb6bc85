"""The database's settings from `DATABASE_URL`, tuned for what a chat does to each kind."""

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from chatsite.databases.postgresql.connections import TimedConnection, check_connection

# WAL lets readers go on while one writes. IMMEDIATE takes the write lock at BEGIN, where it can be
# waited for (`sqlite/busy.py`); a lock upgraded in mid-transaction fails at once instead. What is
# deleted is overwritten, whatever the library was built with (`sqlite/secure_vacuum.py` goes on).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
    ),
}

# Streams hold no connection while they wait, so a few serve many readers. A server that is away is
# noticed within two seconds (`postgresql/`), and tried again by whoever needs it: the pool would
# wait longer and longer between two tries, also once the server is back.
POOL_SIZE = 20
POSTGRESQL_OPTIONS: dict[str, Any] = {
    "pool": {
        "min_size": 2,
        "timeout": 1,
        "reconnect_timeout": 2,
        "connection_class": TimedConnection,
        "check": check_connection,
    },
    "connect_timeout": 2,
    "tcp_user_timeout": 10_000,  # milliseconds
}


def from_url(url: str, default_path: Path, pool_size: int = POOL_SIZE) -> dict[str, Any]:
    """Django's settings for one database; without `url`, SQLite in `default_path`. A process has
    `pool_size` connections to PostgreSQL at most.
    """
    try:
        parsed = dj_database_url.parse(url or f"sqlite:///{default_path}", conn_health_checks=True)
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError, ValueError):
        raise ImproperlyConfigured(
            "DATABASE_URL can't be read. It looks like postgresql://user:password@host:5432/name "
            "or sqlite:////path/to/db.sqlite3."
        ) from None
    database: dict[str, Any] = dict(parsed)
    engine = database["ENGINE"]
    if engine.endswith("sqlite3"):
        database["ENGINE"] = "chatsite.databases.sqlite"
        database["OPTIONS"] = SQLITE_OPTIONS | database.get("OPTIONS", {})
    elif engine.endswith("postgresql"):
        database["ENGINE"] = "chatsite.databases.postgresql"
        pool = POSTGRESQL_OPTIONS["pool"] | {"max_size": pool_size}
        database["OPTIONS"] = POSTGRESQL_OPTIONS | {"pool": pool} | database.get("OPTIONS", {})
    else:
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL or an SQLite database.")
    return database

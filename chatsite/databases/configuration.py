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
POSTGRESQL_OPTIONS = {
    "pool": {
        "min_size": 2,
        "max_size": 20,
        "timeout": 1,
        "reconnect_timeout": 2,
        "connection_class": TimedConnection,
        "check": check_connection,
    },
    "connect_timeout": 2,
    "tcp_user_timeout": 10_000,  # milliseconds
}


def from_url(url: str, default_path: Path) -> dict[str, Any]:
    """Django's settings for one database; without `url`, SQLite in `default_path`."""
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
        database["OPTIONS"] = POSTGRESQL_OPTIONS | database.get("OPTIONS", {})
    else:
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL or an SQLite database.")
    return database

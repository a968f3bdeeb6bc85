"""What a served site has saved of replies, read while it runs or is stopped. Only on SQLite."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.site import Site


def read_replies(site: Site) -> list[tuple[str, str]]:
    """Return status and text of each."""
    query = "SELECT status, text FROM conversations_message WHERE role = 'assistant'"
    path = Path(site.environment["DATA_DIR"]) / "db.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()

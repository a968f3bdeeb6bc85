"""Databases that are really locked, full or away."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def locked_database(path: Path | None = None) -> Iterator[None]:
    """SQLite's write lock, held meanwhile as another process would; by default the tests' own."""
    name = path or connection.settings_dict["NAME"]
    # No other thread of ours has to do with it: it may be let go in any.
    with closing(sqlite3.connect(name, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")

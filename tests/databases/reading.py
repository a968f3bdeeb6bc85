"""Somebody who reads the database and won't be done."""

import contextlib
import sqlite3
from collections.abc import Iterator

from django.db import connection


@contextlib.contextmanager
def reading() -> Iterator[None]:
    name = str(connection.settings_dict["NAME"])
    with contextlib.closing(sqlite3.connect(name, isolation_level=None)) as database:
        database.execute("BEGIN")
        database.execute("SELECT * FROM accounts_user").fetchall()
        yield

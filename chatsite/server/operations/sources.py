"""Where rows come from: a database as it was at one moment. (The other source is an archive.)"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection, connections, transaction

from chatsite.databases import configuration
from chatsite.server.operations import schema
from chatsite.server.operations.rows import Model, Row, read_rows

SOURCE = "source"


class Source(Protocol):
    migrations: schema.Migrations
    last_ids: dict[str, int]

    def read(self, model: Model) -> Iterator[Row]: ...

    def check(self, sums: dict[str, dict[str, Any]]) -> None:
        """Raises OperationError where what was read isn't what should be in it."""


class DatabaseSource:
    def __init__(self, alias: str) -> None:
        self._alias = alias
        self.migrations = schema.applied_migrations(alias)
        self.models = schema.list_models(self.migrations)
        self.last_ids = schema.read_sequences(self.models, alias)

    def read(self, model: Model) -> Iterator[Row]:
        return read_rows(model, self._alias)

    def check(self, sums: dict[str, dict[str, Any]]) -> None:
        """Nothing to compare with: it was the database itself that was read."""


@contextmanager
def open_snapshot(alias: str = "default") -> Iterator[DatabaseSource]:
    """Within it the database stays as it is at the start, while others go on writing to it.

    SQLite's log grows for as long, since it can't be emptied under a reader.
    """
    database = connections[alias]
    if database.vendor == "sqlite":
        with database.cursor() as cursor:
            # Not Django's own transaction, which would take the lock for writing.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield DatabaseSource(alias)
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic(using=alias):
        with database.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield DatabaseSource(alias)


@contextmanager
def use_as_default(url: str) -> Iterator[str]:
    """Have another database take the default one's place in this process; what was the default is
    known by the returned alias. Everything that makes a database speaks of the default.
    """
    connection.close()
    here = connections.settings["default"]
    there = configuration.from_url(url, here["NAME"])
    there["OPTIONS"] = {**there["OPTIONS"]}
    configured = connections.configure_settings({"default": there})["default"]
    connections.settings |= {"default": configured, SOURCE: here}
    del connections["default"]
    try:
        yield SOURCE
    finally:
        for alias in ("default", SOURCE):
            connections[alias].close()
            del connections[alias]
        connections.settings["default"] = here
        del connections.settings[SOURCE]

"""The tables of a database by its migrations, and the numbers that its next rows get."""

from collections.abc import Iterable

from django.db import connection, connections, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from chatsite.server.operations import OperationError
from chatsite.server.operations.rows import Model
from chatsite.server.startup.database import unknown_migrations

type Migrations = list[tuple[str, str]]


def applied_migrations(alias: str) -> Migrations:
    """Raises OperationError for a database that isn't one of this site, or is from a newer one."""
    loader = MigrationLoader(connections[alias])
    applied = sorted(key for key in loader.applied_migrations if key[0] in loader.migrated_apps)
    if not applied:
        raise OperationError("The database has no tables of this site: there is nothing to copy.")
    if newer := unknown_migrations(loader):
        raise OperationError(
            f"The database was migrated by a newer version ({', '.join(newer)}). "
            "Do it with that version."
        )
    return applied


def require_known(migrations: Migrations) -> None:
    """Raises OperationError where this code doesn't have all of them."""
    known = MigrationLoader(None).disk_migrations
    if newer := [f"{app}.{name}" for app, name in migrations if (app, name) not in known]:
        raise OperationError(
            f"The backup is from a newer version ({', '.join(newer)}). Restore it with that one."
        )


def list_models(migrations: Migrations) -> list[Model]:
    """Return a model for each table, as it was after these migrations."""
    apps = MigrationLoader(None).project_state(migrations).apps
    found = apps.get_models(include_auto_created=True)
    return sorted(
        (model for model in found if model._meta.managed and not model._meta.proxy),
        key=lambda model: model._meta.db_table,
    )


def make_tables(migrations: Migrations) -> None:
    """Bring the default database, which is empty, to these migrations.

    The signals of `migrate` aren't sent: the triggers are made by it later, when all rows are there
    that they would count again.
    """
    applied = set(migrations)
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    # Django takes a target that is applied already for the wish to go back to it.
    last = [
        key
        for key in migrations
        if not any(child.key[0] == key[0] and child.key in applied for child in nodes[key].children)
    ]
    executor.migrate(last)


def drop_tables() -> None:
    """Of the default database, which was empty before."""
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        tables = connection.introspection.table_names(cursor)
        # An index for full-text search takes its own tables along.
        for table in sorted(tables, key=lambda name: name not in list_search_indexes()):
            cascade = " CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)}{cascade}")


def list_search_indexes() -> list[str]:
    """SQLite's tables that are an index over another one's text."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'")
        return [name for (name,) in cursor.fetchall()]


def rebuild_search_indexes() -> None:
    """On PostgreSQL they have followed."""
    with connection.cursor() as cursor:
        for name in list_search_indexes():
            cursor.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")  # noqa: S608


def read_sequences(found: Iterable[Model], alias: str) -> dict[str, int]:
    """Return by table the last id that was given away: ids of deleted rows aren't given again."""
    database = connections[alias]
    numbered = list_numbered(found)
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            return {name: last for name, last in cursor.fetchall() if last and name in numbered}
        last_ids = {}
        for table, column in numbered.items():
            cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [database.ops.quote_name(table), column],
            )
            if last := cursor.fetchone()[0]:
                last_ids[table] = int(last)
        return last_ids


def write_sequences(found: Iterable[Model], last_ids: dict[str, int]) -> None:
    numbered = list_numbered(found)
    with connection.cursor() as cursor:
        for table, last in last_ids.items():
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last]
                )
            else:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                    [connection.ops.quote_name(table), numbered[table], last],
                )


def list_numbered(found: Iterable[Model]) -> dict[str, str]:
    """Table → column of those whose ids the database gives."""
    keys = {model._meta.db_table: model._meta.pk for model in found}
    return {
        table: str(key.column) for table, key in keys.items() if isinstance(key, models.AutoField)
    }

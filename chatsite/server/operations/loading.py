"""Load a source into the default database, which is empty, and compare what is there then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from chatsite.server.operations import OperationError, schema
from chatsite.server.operations.rows import Model, TableSum, read_rows, write_rows
from chatsite.server.operations.sources import Source
from chatsite.server.startup.database import first_line_of_error
from chatsite.server.startup.snapshots import without_snapshot

type Say = Callable[[str], object]


def require_empty(
    remedy: str = "Make a new one, and set DATABASE_URL or DATA_DIR to it.",
) -> None:
    if connection.introspection.table_names():
        raise OperationError(
            f"The database has tables already, and only an empty one is filled. {remedy}"
        )


def load(source: Source, say: Say) -> int:
    """Fill the default database; return how many rows there are.

    All of it, or nothing: what was made until then is dropped when something goes wrong.
    """
    require_empty()
    try:
        say("Making the tables …")
        schema.make_tables(source.migrations)
        with transaction.atomic(), text_indexes_made_later(say):
            rows = copy_tables(source, say)
        say("Bringing them up to date …")
        with without_snapshot():
            call_command("migrate", interactive=False, verbosity=0)
    except BaseException as error:
        with suppress(DatabaseError):
            schema.drop_tables()
        if isinstance(error, DatabaseError):
            raise OperationError(
                f"The database didn't take it: {first_line_of_error(error)}. It is empty again."
            ) from error
        raise
    finally:
        connection.close()
    return rows


def copy_tables(source: Source, say: Say) -> int:
    models = schema.list_models(source.migrations)
    for model in models:
        # What migrations put there is in the source, as it is by now.
        empty_table(model)
    sums = {}
    for model in models:
        copied = TableSum()
        write_rows(model, copied.count_all(source.read(model)), "default")
        sums[model._meta.db_table] = copied.as_json()
        if copied.count >= 10_000:
            say(f"{model._meta.db_table}: {copied.count:,} rows")
    source.check(sums)
    schema.write_sequences(models, source.last_ids)
    schema.rebuild_search_indexes()
    connection.check_constraints()
    say("Comparing …")
    for model in models:
        compare_table(model, sums[model._meta.db_table])
    return sum(each["rows"] for each in sums.values())


def empty_table(model: Model) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def compare_table(model: Model, expected: dict[str, Any]) -> None:
    there = TableSum()
    for _row in there.count_all(read_rows(model, "default")):
        pass
    if there.as_json() != expected:
        raise OperationError(
            f"{model._meta.db_table} isn't in the database as it was in the source "
            f"({there.count:,} rows, {expected['rows']:,} expected)."
        )


@contextmanager
def text_indexes_made_later(say: Say) -> Iterator[None]:
    """PostgreSQL's indexes over texts are sooner made anew than added to."""
    indexes: list[tuple[str, str]] = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT indexname, indexdef FROM pg_indexes"
                " WHERE schemaname = current_schema() AND indexdef LIKE '%USING gin%'"
            )
            indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)

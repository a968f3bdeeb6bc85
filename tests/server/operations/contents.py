"""All that a database holds, read without the code that copies it."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg

POSTGRESQL_DEFINITIONS = (
    (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
    ),
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    (
        "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE NOT tgisinternal"
    ),
    (
        "SELECT table_name, column_name, data_type || is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'public'"
    ),
)
# When each was applied is of that database alone.
OF_ITS_OWN = {"django_migrations"}

type Rows = dict[str, list[str]]


def read_contents(url: str) -> Rows:
    """Table → its rows, sorted."""
    return with_query(
        url, lambda query: {name: list_rows(query, name) for name in list_tables(query, url)}
    )


def read_definitions(url: str) -> list[str]:
    """Columns, constraints, indexes and triggers."""

    def read(query: Callable[[str], list[Any]]) -> list[str]:
        if is_sqlite(url):
            found = query("SELECT type, name, sql FROM sqlite_master")
            return sorted(re.sub(r"\s+", " ", str(row)) for row in found)
        return sorted(str(row) for each in POSTGRESQL_DEFINITIONS for row in query(each))

    return with_query(url, read)


def read_last_ids(url: str) -> dict[str, int]:
    """Of each table whose ids the database gives."""
    statement = (
        "SELECT name, seq FROM sqlite_sequence WHERE seq > 0"
        if is_sqlite(url)
        else "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
        " AND last_value IS NOT NULL"
    )
    ids = with_query(url, lambda query: query(statement))
    return {name: last for name, last in ids if "django_migrations" not in name}


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def with_query[T](url: str, read: Callable[[Callable[[str], list[Any]]], T]) -> T:
    if is_sqlite(url):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            return read(lambda statement: database.execute(statement).fetchall())
    with psycopg.connect(url) as session:
        return read(lambda statement: session.execute(statement).fetchall())


def list_tables(query: Callable[[str], list[Any]], url: str) -> list[str]:
    # What a search index keeps for itself depends on the order in which it got the texts.
    statement = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        " AND name NOT LIKE '%grams%'"
        if is_sqlite(url)
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    return [name for (name,) in query(statement) if name not in OF_ITS_OWN]


def list_rows(query: Callable[[str], list[Any]], table: str) -> list[str]:
    return sorted(str(row) for row in query(f"SELECT * FROM {table}"))  # noqa: S608

"""gevent against gthread, on SQLite and on PostgreSQL: what WORKER_CLASS should be by default."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from bench import load
from bench.report import Row
from bench.stage import stage

CLIENTS = 50
ROUNDS = 2
CLASSES = ("gevent", "gthread")
SERVER = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
DATABASE = f"test_bench_{os.getpid()}"


def rows() -> Iterator[Row]:
    for worker_class in CLASSES:
        yield from measured(f"{worker_class}, SQLite", WORKER_CLASS=worker_class)
    for worker_class in CLASSES if postgresql_answers() else ():
        with empty_database() as url:
            name = f"{worker_class}, PostgreSQL"
            yield from measured(name, WORKER_CLASS=worker_class, DATABASE_URL=url)


def measured(
    name: str, clients: int = CLIENTS, rounds: int = ROUNDS, **environment: str
) -> Iterator[Row]:
    with stage(**environment) as place:
        load.warm_up(place)
        result = load.measure(place, clients, rounds)
        yield from load.described(f"{name}, {clients} at once", result)


def postgresql_answers() -> bool:
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.Error as error:
        print(f"PostgreSQL was left out: {error}", file=sys.stderr)
        return False
    return True


@contextmanager
def empty_database(suffix: str = "") -> Iterator[str]:
    database = f"{DATABASE}{suffix}"
    name = Identifier(database)
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(name))
        try:
            yield urlsplit(SERVER)._replace(path=f"/{database}").geturl()
        finally:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))

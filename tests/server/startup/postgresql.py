"""A database of its own for a server that a test starts, on the PostgreSQL of the tests; and a role
that may be denied connections.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.e2e.site import Site
from tests.processes import database_url


@contextmanager
def own_database(purpose: str = "site", template: str = "template1") -> Iterator[str]:
    """Its URL. `template`: the name of the database that it is a copy of, which nobody uses."""
    parts = urlsplit(database_url())
    # Where no test of a run has a database, pytest-django makes none for each of its processes.
    name = f"{parts.path[1:]}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{purpose}"
    with psycopg.connect(database_url(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield parts._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class LimitedRole:
    """Does all that the tests' own role may but for what only a superuser does: it is refused
    connections beyond its limit, as everybody is where PostgreSQL has too many clients.
    """

    def __init__(self, name: str, connection: psycopg.Connection) -> None:
        self._name = name
        self._connection = connection

    def of(self, database_url: str) -> str:
        """Return the URL with which the role uses this database."""
        parts = urlsplit(database_url)
        host = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{self._name}:{parts.password or ''}@{host}").geturl()

    def limit(self, connections: int) -> None:
        """Refuse more than this; those that there are go on. -1: as many as the server takes."""
        self._connection.execute(f'ALTER ROLE "{self._name}" CONNECTION LIMIT {connections}')

    def cut(self) -> None:
        """End its connections."""
        self._connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
            [self._name],
        )


@contextmanager
def limited_role(purpose: str = "role") -> Iterator[LimitedRole]:
    """To be entered before its database is made, as it can't be dropped before that."""
    parts = urlsplit(database_url())
    name = f"{parts.path[1:]}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{purpose}"
    with psycopg.connect(database_url(), autocommit=True) as connection:
        connection.execute(f'DROP ROLE IF EXISTS "{name}"')
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}").format(
                sql.Identifier(name), parts.password or "", sql.Identifier(parts.username or "")
            )
        )
        yield LimitedRole(name, connection)
        connection.execute(f'DROP ROLE "{name}"')


@contextmanager
def inhabited_database(folder: Path, purpose: str = "inhabited") -> Iterator[str]:
    """The name of a database with the usual users; others begin as its copy."""
    with own_database(purpose) as url:
        site = Site(folder, "http://127.0.0.1:9/v1", DATABASE_URL=url)
        site.manage("migrate", "--verbosity=0")
        site.make_users()
        # A database is copied only while nobody uses it.
        site.close_shell()
        yield urlsplit(url).path[1:]

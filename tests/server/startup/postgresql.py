"""A database of its own for a server that a test starts, on the PostgreSQL of the tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

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

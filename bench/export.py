"""Memory that an export takes: 20,000 conversations against 2,000, in a process that does nothing
else. With TEST_DATABASE_URL on PostgreSQL, in a database of its own; else on SQLite.

What fills the database is made in one statement a table, not as the site makes it, so it takes
seconds. BENCH_EXPORT_DATABASE_URL names a database that is filled already, which is exported as it
is and left alone.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench.report import Row, mb, s
from tests.e2e.site import Site

SMALL, LARGE = 2_000, 20_000
LENGTH = 20
FORMS = ("messages", "whole", "csv")
TARGET = "≤ 150 MB"


def rows() -> Iterator[Row]:
    if filled := os.environ.get("BENCH_EXPORT_DATABASE_URL"):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            site = Site(Path(folder), "http://127.0.0.1:9/v1", DATABASE_URL=filled)
            for form in FORMS:
                yield row(form, [exported(site, form)])
        return
    with site_of(SMALL) as small, site_of(LARGE) as large:
        for form in FORMS:
            yield row(form, [exported(site, form) for site in (large, small)])


def row(form: str, taken: list[dict[str, float]]) -> Row:
    """The last of them is what the first is compared with."""
    first = taken[0]
    return Row(
        f"export of {first['conversations']:,} conversations as {form} "
        f"({mb(first['bytes'])}, {s(first['seconds'])}): peak RSS of its process",
        mb(first["rss"]),
        compared=f"{mb(taken[1]['rss'])} for a tenth" if len(taken) > 1 else "",
        target=TARGET,
    )


def exported(site: Site, form: str) -> dict[str, float]:
    told: dict[str, float] = json.loads(run(site, f"export({form!r})"))
    return told


def run(site: Site, call: str) -> str:
    return site.manage("shell", "--no-imports", "-c", f"from bench.export_seed import *; {call}")


@contextmanager
def site_of(conversations: int) -> Iterator[Site]:
    server = os.environ.get("TEST_DATABASE_URL", "")
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        database(server, f"bench_export_{conversations}") as url,
    ):
        environment = {"DATABASE_URL": url} if url else {}
        site = Site(Path(folder), "http://127.0.0.1:9/v1", **environment)
        site.manage("migrate", "--verbosity=0")
        run(site, f"fill({conversations}, {LENGTH})")
        yield site


@contextmanager
def database(server: str, name: str) -> Iterator[str]:
    """The URL of a new one; "" where there is no server."""
    if not server:
        yield ""
        return
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

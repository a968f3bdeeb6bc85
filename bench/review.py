"""Review's pages with a hundred times the data: 100,000 conversations and 2,000,000 messages on
PostgreSQL, a tenth of that on SQLite, each against a hundredth.

Making the data takes most of the time, on PostgreSQL a quarter of an hour. The databases there are
made on the server of TEST_DATABASE_URL and dropped at the end; with BENCH_KEEP=1 they stay, and the
next run uses them again.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench.client import Connection
from bench.replies import signed_in
from bench.report import Row, median, ms, times
from bench.stage import Address, Person
from tests.e2e.site import Site

SAMPLES = 20
WARM_UPS = 3
TARGET = "≤ 2×"


@dataclass(frozen=True)
class Size:
    users: int
    conversations: int
    messages: int

    def __truediv__(self, by: int) -> "Size":
        return Size(self.users // by, self.conversations // by, self.messages // by)

    @property
    def arguments(self) -> list[str]:
        return [
            f"--users={self.users}",
            f"--conversations={self.conversations}",
            f"--messages={self.messages}",
        ]


WHOLE = Size(1_000, 100_000, 2_000_000)

# What a reviewer opens; {c} is one of the latest conversations.
PAGES = {
    "queue": "/admin/review/review/",
    "queue, those to review": "/admin/review/review/?state=waiting",
    "queue, by tokens": "/admin/review/review/?sort=-tokens",
    "queue, by a word in the title": "/admin/review/review/?title=mushroom",
    "search, a common word": "/admin/review/review/search/?q=invoice",
    "search, a rare word": "/admin/review/review/search/?q={rare}",
    "search, two letters": "/admin/review/review/search/?q=zu",
    "search, Chinese": "/admin/review/review/search/?q=%E5%90%88%E5%90%8C",
    "transcript": "/admin/review/review/{c}/change/",
    "dashboard, 30 days": "/admin/review/siteday/",
}


@dataclass(frozen=True)
class Filled:
    """A site whose database is full, and a reviewer who is signed in."""

    site: Site
    reviewer: Person
    rare: str

    def path(self, page: str) -> str:
        return page.format(c=self.reviewer.conversations[0], rare=self.rare)

    @property
    def address(self) -> Address:
        return Address.of(self.site.url)


def rows(whole: Size = WHOLE) -> Iterator[Row]:
    if server := os.environ.get("TEST_DATABASE_URL"):
        yield from compared("PostgreSQL", whole, server)
    else:
        print("review: no TEST_DATABASE_URL, so PostgreSQL is left out", file=sys.stderr)
    yield from compared("SQLite", whole / 10)


def compared(kind: str, whole: Size, server: str = "") -> Iterator[Row]:
    with ExitStack() as stack:
        sites = [stack.enter_context(filled(size, server)) for size in (whole / 100, whole)]
        for name, page in PAGES.items():
            small, large = asyncio.run(measured(sites, page))
            yield Row(
                f"{kind}, {whole.messages:,} messages against a hundredth: {name}",
                f"{ms(large)} against {ms(small)}",
                compared=times(large / small),
                target=TARGET,
            )


@contextmanager
def filled(size: Size, server: str) -> Iterator[Filled]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        database(server, f"review_{size.messages}") as url,
    ):
        site = Site(Path(folder), "http://127.0.0.1:9/v1", **({"DATABASE_URL": url} if url else {}))
        site.manage("migrate", "--verbosity=0")
        reviewer = fill(site, size)
        site.start()
        try:
            yield reviewer
        finally:
            site.stop()


@contextmanager
def database(server: str, purpose: str) -> Iterator[str]:
    """The URL of a database for this; "" where there is no server."""
    if not server:
        yield ""
        return
    name = f"bench_{purpose}"
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            if not os.environ.get("BENCH_KEEP"):
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def fill(site: Site, size: Size) -> Filled:
    """Makes the data that there isn't yet."""
    started = time.monotonic()
    if int(ask(site, "conversation_count()")) < size.conversations:
        site.manage("make_demo_data", *size.arguments)
        print(f"{size}: made in {time.monotonic() - started:.0f} s", file=sys.stderr)
    told = json.loads(ask(site, "reviewer()"))
    return Filled(site, Person(told["session"], told["conversations"]), told["rare"])


def ask(site: Site, call: str) -> str:
    return site.manage("shell", "--no-imports", "-c", f"from bench.seed import *; {call}")


async def measured(sites: Sequence[Filled], page: str) -> list[float]:
    """Seconds until the whole page is there, the median for each; taken in turn, so that noise
    meets them alike.
    """
    connections = [await Connection.open(each.address) for each in sites]
    taken: list[list[float]] = [[] for _ in sites]
    for _ in range(WARM_UPS + SAMPLES):
        for each, connection, seconds in zip(sites, connections, taken, strict=True):
            sent = time.perf_counter()
            response = await connection.request("GET", each.path(page), signed_in(each.reviewer))
            await response.read()
            seconds.append(time.perf_counter() - sent)
    for connection in connections:
        await connection.close()
    return [median(each[WARM_UPS:]) for each in taken]

"""How the search index learns whose its rows are, after an update from before it knew: rows a
second in the background, and what pages take meanwhile, beside a site whose index knows it already.

Two minutes of it are measured, as the whole of a million takes most of an hour: that much is
worked out. `--messages 1000000` makes two such databases of each kind, which takes half an hour.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.client import Connection
from bench.replies import signed_in
from bench.report import Row, median, ms, p95
from bench.review import database
from bench.search import MESSAGES
from bench.stage import Address, Person
from tests.e2e.site import Site

SECONDS = 120.0
# Between two pages of somebody who does nothing else.
PAUSE = 0.2
PAGES = {"a new chat": "/", "a search of one's own": "/conversations/search/?q=the"}
WAITING = (
    "from conversations.search.models import MessageDocument, TitleDocument;"
    " print(sum(each.objects.filter(owner_id=None).count()"
    " for each in (MessageDocument, TitleDocument)))"
)

type Taken = dict[str, list[float]]


def rows(messages: int = MESSAGES) -> Iterator[Row]:
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        print("reindexing: no TEST_DATABASE_URL, so PostgreSQL is left out", file=sys.stderr)
    for kind, where in (("SQLite", ""), ("PostgreSQL", server)):
        if kind == "SQLite" or where:
            known, _rate = measure_made(where, messages, is_old=False)
            meanwhile, rate = measure_made(where, messages, is_old=True)
            yield from describe(kind, messages, known, meanwhile, rate)


def describe(
    kind: str, messages: int, known: Taken, meanwhile: Taken, rate: float
) -> Iterator[Row]:
    what = f"{kind}, owners of {messages:,} old messages"
    minutes = messages / rate / 60 if rate else 0
    yield Row(f"{what}: written", f"{rate:.0f} a second, so {minutes:.0f} min in all")
    for name in PAGES:
        now, then = meanwhile[name], known[name]
        yield Row(
            f"{what}: {name} meanwhile, median / 95 %",
            f"{ms(median(now))} / {ms(p95(now))}",
            compared=f"{ms(median(then))} / {ms(p95(then))} once they are known",
        )


def measure_made(server: str, messages: int, *, is_old: bool) -> tuple[Taken, float]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        database(server, f"reindexing_{is_old}_{messages}".lower()) as url,
    ):
        site = Site(Path(folder), "http://127.0.0.1:9/v1", **({"DATABASE_URL": url} if url else {}))
        site.manage("migrate", "--verbosity=0")
        call = f"from bench.search_seed import *; fill({messages}, is_old={is_old})"
        sessions = json.loads(site.manage("shell", "--no-imports", "-c", call))
        return measure_site(site, sessions["newcomer"])


def measure_site(site: Site, session: str) -> tuple[Taken, float]:
    """Return what pages took, and the rows a second that got their owners meanwhile."""
    before = count_waiting(site)
    started = time.monotonic()
    site.start()
    try:
        taken = asyncio.run(ask_pages(site, session))
    finally:
        site.stop()
        seconds = time.monotonic() - started
    return taken, (before - count_waiting(site)) / seconds


def count_waiting(site: Site) -> int:
    return int(site.manage("shell", "--no-imports", "-c", WAITING))


async def ask_pages(site: Site, session: str) -> Taken:
    """By a bystander with 20 messages, in turn."""
    connection = await Connection.open(Address.of(site.url))
    headers = signed_in(Person(session, []))
    taken: Taken = {name: [] for name in PAGES}
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for name, path in PAGES.items():
            sent = time.perf_counter()
            response = await connection.request("GET", path, headers)
            await response.read()
            taken[name].append(time.perf_counter() - sent)
            await asyncio.sleep(PAUSE)
    await connection.close()
    return taken

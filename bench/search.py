"""A search in one's own conversations, by somebody with a fifth of all messages: from a keystroke's
request to its whole answer. SQLite, and PostgreSQL where TEST_DATABASE_URL names its server.

`--messages 1000000` is what docs/performance.md gives: making them takes some minutes and 3 GB.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from bench.client import Connection
from bench.replies import signed_in
from bench.report import Row, median, ms
from bench.review import WARM_UPS, database
from bench.stage import Address, Person
from tests.e2e.site import Site

MESSAGES = 50_000
SAMPLES = 20
WORDS = {
    "a common word": "the",
    "a common pair of letters": "th",
    "two letters": "zu",
    "one Chinese character": "合",
    "a rare word": "gukarano",
    "a word of others alone": "zeppelin",
    "nothing": "xyzzy",
}
TARGET = "≤ 100 ms"


def rows(messages: int = MESSAGES) -> Iterator[Row]:
    server = os.environ.get("TEST_DATABASE_URL", "")
    if not server:
        print("search: no TEST_DATABASE_URL, so PostgreSQL is left out", file=sys.stderr)
    for kind, where in (("SQLite", ""), ("PostgreSQL", server)):
        if kind == "SQLite" or where:
            yield from rows_on(kind, where, messages)


def rows_on(kind: str, server: str, messages: int) -> Iterator[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        database(server, f"search_{messages}") as url,
    ):
        site = Site(Path(folder), "http://127.0.0.1:9/v1", **({"DATABASE_URL": url} if url else {}))
        site.manage("migrate", "--verbosity=0")
        started = time.monotonic()
        call = f"from bench.search_seed import *; fill({messages})"
        sessions = json.loads(site.manage("shell", "--no-imports", "-c", call))
        print(f"{kind}: made in {time.monotonic() - started:.0f} s", file=sys.stderr)
        site.start()
        try:
            for what, word in WORDS.items():
                finder, newcomer = asyncio.run(measured(site, sessions, word))
                yield Row(
                    f"{kind}, search one's own among {messages:,} messages: {what}",
                    f"{ms(finder)} with a fifth of them, {ms(newcomer)} with 20",
                    target=TARGET,
                )
        finally:
            site.stop()


async def measured(site: Site, sessions: dict[str, str], word: str) -> list[float]:
    """Seconds until the whole answer is there, the median for each of them."""
    connection = await Connection.open(Address.of(site.url))
    found = []
    for name in ("finder", "newcomer"):
        headers = {**signed_in(Person(sessions[name], [])), "HX-Request": "true"}
        taken = []
        for _ in range(WARM_UPS + SAMPLES):
            sent = time.perf_counter()
            path = f"/conversations/search/?q={quote(word)}"
            response = await connection.request("GET", path, headers)
            await response.read()
            taken.append(time.perf_counter() - sent)
        found.append(median(taken[WARM_UPS:]))
    await connection.close()
    return found

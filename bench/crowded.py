"""Pages of one's own on two processes, in a database of a million messages and in an empty one."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench.client import Connection
from bench.replies import signed_in
from bench.report import Row, median, times
from bench.several import shared_site
from bench.stage import Person, Stage

MESSAGES = 1_000_000
CLIENTS = 8
SECONDS = 5.0
ROUNDS = 3
OWN = 50  # conversations of whoever looks, of 20 messages each


def rows(messages: int = MESSAGES) -> Iterator[Row]:
    with ExitStack() as stack:
        empty = stack.enter_context(shared_site(name="empty"))
        full = stack.enter_context(shared_site(name="full"))
        if empty is None or full is None:
            return
        full.site.manage(
            "shell", "--no-imports", "-c", f"from bench.crowded_seed import *; fill({messages})"
        )
        people = {
            place: place.people(1, conversations=OWN, messages=20)[0] for place in (empty, full)
        }
        rates: dict[Stage, list[float]] = {place: [] for place in people}
        for _ in range(ROUNDS + 1):
            for place, person in people.items():
                rates[place].append(asyncio.run(ask_for_pages(place, person)))
    # The first round warms up.
    of_empty, of_full = (median(rates[place][1:]) for place in (empty, full))
    yield Row(
        f"a page of 20 messages, 2 processes, PostgreSQL: with {messages:,} messages of others,"
        " and in an empty database",
        f"{of_full:.0f}, {of_empty:.0f} requests/s",
        compared=times(of_full / of_empty),
        target="≥ 0.8×",
    )


async def ask_for_pages(place: Stage, person: Person) -> float:
    """Pages a second that so many clients get, each one after another."""
    ends = time.perf_counter() + SECONDS
    counts = await asyncio.gather(*(ask_until(ends, place, person) for _ in range(CLIENTS)))
    return sum(counts) / SECONDS


async def ask_until(ends: float, place: Stage, person: Person) -> int:
    line, count = await Connection.open(place.address), 0
    while time.perf_counter() < ends:
        path = f"/c/{person.conversations[count % OWN]}/"
        await (await line.request("GET", path, signed_in(person))).read()
        count += 1
    await line.close()
    return count

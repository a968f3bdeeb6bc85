"""What streams cost on which nothing comes: the feeds of two thousand open browsers."""

import asyncio
import time
from collections.abc import Iterator, Sequence

import requests

from bench import processes
from bench.client import Connection
from bench.replies import signed_in
from bench.report import Row, kb, median, ms, times
from bench.stage import Person, Stage, stage

STREAMS = 2_000
PER_PERSON = 10  # as many as one may have
AT_ONCE = 50  # that are opened together
SETTLED = 2.0  # seconds after the last has been opened
PAGES = 40
ROOM = str(STREAMS + 200)


def rows() -> Iterator[Row]:
    with stage(MAX_STREAMS=ROOM, MAX_CONNECTIONS=ROOM) as place:
        people = place.people(STREAMS // PER_PERSON + 1)
        yield from asyncio.run(measure(place, people[0], people[1:]))


async def measure(place: Stage, bystander: Person, people: Sequence[Person]) -> list[Row]:
    # The first ones import code.
    warm = [await open_feed(place, bystander) for _ in range(PER_PERSON)]
    await ask_pages(place, bystander)
    idle = await ask_pages(place, bystander)
    before = processes.memory(place.pid)
    owners = [person for person in people for _ in range(PER_PERSON)]
    lines: list[Connection] = []
    for first in range(0, len(owners), AT_ONCE):
        some = owners[first : first + AT_ONCE]
        lines += await asyncio.gather(*(open_feed(place, person) for person in some))
    await asyncio.sleep(SETTLED)
    each = (processes.memory(place.pid) - before) / len(lines)
    cpu = processes.cpu_seconds(place.pid)
    beside = await ask_pages(place, bystander)
    cpu = processes.cpu_seconds(place.pid) - cpu
    for line in (*warm, *lines):
        await line.close()
    name = f"{len(lines):,} idle streams"
    return [
        Row(f"{name}: memory of the server for each", kb(each), target="≤ 30 KB"),
        Row(
            f"{name}: a page for somebody else, median, and on an idle server",
            f"{ms(median(beside))}, {ms(median(idle))}",
            compared=times(median(beside) / median(idle)),
            target="≤ 1.5×",
        ),
        Row(f"{name}: processor time of the server a page", ms(cpu / PAGES)),
    ]


async def open_feed(place: Stage, person: Person) -> Connection:
    line = await Connection.open(place.address)
    headers = {**signed_in(person), "Accept": "text/event-stream"}
    response = await line.request("GET", "/conversations/feed/", headers)
    await anext(response.parts())
    return line


async def ask_pages(place: Stage, person: Person) -> list[float]:
    return await asyncio.to_thread(ask_pages_in_turn, place, person)


def ask_pages_in_turn(place: Stage, person: Person) -> list[float]:
    """Seconds for a conversation, again and again on one connection."""
    taken = []
    with requests.Session() as session:
        session.cookies.set("sessionid", person.session)
        for _ in range(PAGES):
            began = time.perf_counter()
            page = session.get(f"{place.site.url}/c/{person.conversations[0]}/", timeout=60)
            taken.append(time.perf_counter() - began)
            assert page.status_code == 200, page.status_code
    return taken

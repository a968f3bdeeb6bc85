"""A conversation of 5,000 messages against one of 50: time to the first byte of its page."""

import asyncio
import time
from collections.abc import Iterator

from bench.client import Connection
from bench.replies import signed_in
from bench.report import Row, median, ms, times
from bench.stage import Address, Person, stage

SHORT, LONG = 50, 5000
SAMPLES = 40
WARM_UPS = 5


def rows() -> Iterator[Row]:
    with stage() as place:
        people = [place.people(1, messages=length)[0] for length in (SHORT, LONG)]
        short, long = asyncio.run(first_bytes(place.address, people))
    yield Row(
        f"page of {LONG:,} messages, first byte, against one of {SHORT}",
        f"{ms(long)} against {ms(short)}",
        compared=times(long / short),
        target="≤ 1.3×",
    )


async def first_bytes(site: Address, people: list[Person]) -> list[float]:
    """The median for each, taken in turn, so that noise meets them alike."""
    connection = await Connection.open(site)
    taken: list[list[float]] = [[] for _ in people]
    for _ in range(WARM_UPS + SAMPLES):
        for person, times_of_person in zip(people, taken, strict=True):
            sent = time.perf_counter()
            path = f"/c/{person.conversations[0]}/"
            response = await connection.request("GET", path, signed_in(person))
            times_of_person.append(time.perf_counter() - sent)
            await response.read()
    await connection.close()
    return [median(each[WARM_UPS:]) for each in taken]

"""Bytes on the wire of a reply's stream, against its final HTML: for what is hard to send while it
grows, at two speeds, packed and not.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from bench.client import Connection
from bench.replies import open_stream, send
from bench.report import Row, kb, times
from bench.stage import Address, Person, Stage, stage

SHAPES = {"prose": "prose", "fence": "one long fence", "list": "one long list"}
TARGET = "≤ 3×"
# Tokens, and tokens a second. The slow one is the real speed; 20,000 tokens of it would take 400 s.
SIZES = ((5_000, 2_000), (20_000, 2_000), (1_000, 50))


@dataclass(frozen=True)
class Sent:
    """Bytes: of the stream as it is, of the stream packed, of the final HTML."""

    identity: int
    gzip: int
    html: int


def rows() -> Iterator[Row]:
    with stage() as place:
        people = place.people(len(SHAPES))
        for tokens, rate in SIZES:
            # The fast ones one by one: each is to be sent as often as it can be.
            together = rate <= 50
            for shape, sent in measure(place, people, tokens, rate, together=together):
                yield Row(
                    f"stream of {tokens:,} tokens at {rate:,} a second, {SHAPES[shape]}",
                    f"{kb(sent.identity)}, gzip {kb(sent.gzip)}; HTML {kb(sent.html)}",
                    compared=f"{times(sent.identity / sent.html)}, "
                    f"gzip {times(sent.gzip / sent.html)}",
                    target=TARGET,
                )


def measure(
    place: Stage, people: list[Person], tokens: int, rate: int, *, together: bool
) -> Iterator[tuple[str, Sent]]:
    width = len(SHAPES) if together else 1
    pairs = list(zip(SHAPES, people, strict=True))
    for start in range(0, len(pairs), width):
        part = pairs[start : start + width]
        sizes = asyncio.run(streams(place.address, part, tokens, rate))
        for (shape, person), (identity, gzip) in zip(part, sizes, strict=True):
            yield shape, Sent(identity, gzip, html_size(place, person))


async def streams(
    site: Address, pairs: list[tuple[str, Person]], tokens: int, rate: int
) -> list[tuple[int, int]]:
    return await asyncio.gather(*(stream(site, *pair, tokens, rate) for pair in pairs))


async def stream(
    site: Address, shape: str, person: Person, tokens: int, rate: int
) -> tuple[int, int]:
    """Two readers of one reply: one takes it as it is, one packed."""
    one, other = await Connection.open(site), await Connection.open(site)
    text = f"/fault shape={shape} tokens={tokens} rate={rate}"
    path = await send(one, person, person.conversations[0], text)
    sizes = await asyncio.gather(
        wire_size(one, person, path, "identity"), wire_size(other, person, path, "gzip")
    )
    await asyncio.gather(one.close(), other.close())
    return sizes


async def wire_size(connection: Connection, person: Person, path: str, encoding: str) -> int:
    response = await open_stream(connection, person, path, encoding)
    async for _ in response.parts():
        pass
    return response.on_wire


def html_size(place: Stage, person: Person) -> int:
    """Of the last reply, as it was saved."""
    query = """
        SELECT length(CAST(m.html AS BLOB)) FROM conversations_message m
        JOIN conversations_conversation c ON c.leaf_id = m.id WHERE c.id = ?
    """
    key = person.conversations[0].replace("-", "")
    with closing(sqlite3.connect(place.site.data_dir / "db.sqlite3")) as database:
        (size,) = database.execute(query, [key]).fetchone()
    return int(size)

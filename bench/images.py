"""Pictures in many conversations at once: what the server's memory grows by while all of them are
on their way to the model.
"""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bench import processes, replies
from bench.report import Row, mb
from bench.stage import Person, Stage, stage

CLIENTS = 200
PICTURES = 5
PICTURE_SIZE = 500_000  # bytes
TARGET = "≤ + 50 MB"

SAMPLE = 0.05  # seconds
# A request is taken no further than this before all have begun.
BEGINNING = 64 * 1024
LONGEST_WAIT = 40  # seconds; on a slow machine the last begin late
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
REPLY = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    b'data: {"choices": [{"delta": {"content": "Part 1."}, "finish_reason": "stop"}]}\n\n'
    b"data: [DONE]\n\n"
)


class SlowModel:
    """Takes requests of any size and keeps nothing of them. None is read to its end until as many
    have begun as are expected together.
    """

    def __init__(self) -> None:
        self.expected = 1
        self.received = 0
        self._begun = 0

    async def start(self) -> str:
        self._all_begun = asyncio.Condition()
        server = await asyncio.start_server(
            self._answer, "127.0.0.1", 0, limit=BEGINNING, backlog=1024
        )
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"

    def expect(self, count: int) -> None:
        self.expected, self.received, self._begun = count, 0, 0

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        found = LENGTH.search(head)
        left = int(found[1]) if found else 0
        self.received += left
        await self._wait_for_others()
        while left:
            left -= len(await reader.read(min(left, BEGINNING)))
        writer.write(REPLY)
        await writer.drain()
        writer.close()

    async def _wait_for_others(self) -> None:
        async with self._all_begun:
            self._begun += 1
            self._all_begun.notify_all()
            with suppress(TimeoutError):
                async with asyncio.timeout(LONGEST_WAIT):
                    await self._all_begun.wait_for(lambda: self._begun >= self.expected)


@contextmanager
def slow_model() -> Iterator[tuple[SlowModel, str]]:
    """One in a thread of its own, and its base URL."""
    model, loop = SlowModel(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield model, asyncio.run_coroutine_threadsafe(model.start(), loop).result(5)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def rows() -> Iterator[Row]:
    with slow_model() as (model, url), stage(url) as place:
        plain = place.people(CLIENTS)
        with_pictures = add_pictures(place, place.people(CLIENTS))
        for people in (plain[:1], with_pictures[:1], plain):
            measure(place, model, people)
        before, _ = measure(place, model, plain)
        yield Row(f"memory of the server, {CLIENTS} at once without files: most", mb(before))
        most, received = measure(place, model, with_pictures)
        yield Row(
            f"memory of the server, {CLIENTS} at once with {PICTURES} pictures of "
            f"{PICTURE_SIZE // 1000} KB each ({mb(received)} sent): most",
            mb(most),
            compared=f"+ {mb(most - before)}",
            target=TARGET,
        )


def add_pictures(place: Stage, people: list[Person]) -> list[Person]:
    """Give the first message of each conversation its pictures."""
    ids = json.dumps([pk for person in people for pk in person.conversations])
    call = f"pictures({ids}, {PICTURES}, {PICTURE_SIZE})"
    place.site.manage("shell", "--no-imports", "-c", f"from bench.seed import *; {call}")
    return people


def measure(place: Stage, model: SlowModel, people: list[Person]) -> tuple[int, int]:
    """Return the most memory that the server had while each sent a message, and how many bytes the
    model got.
    """
    model.expect(len(people))
    samples = [processes.memory(place.pid)]
    is_over = threading.Event()

    def sample() -> None:
        while not is_over.wait(SAMPLE):
            samples.append(processes.memory(place.pid))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        replies.through_site(place.address, people)
    finally:
        is_over.set()
        thread.join()
    return max(samples), model.received

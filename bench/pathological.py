"""Replies that have made Markdown parsers slow: what they cost, and what others feel of it.

`python -m bench pathological` (half an hour): each input of 100 KB rendered whole and streamed in
steps of 5 characters through a live reply, under gevent (`holds`); then a site whose upstream
streams such replies, and the time until `/livez/` answers beside them.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from pathlib import Path

from bench.client import Connection
from bench.replies import open_stream, send
from bench.report import Row, median, ms, p95, s
from bench.stage import Address, Person, Stage
from conversations.offline_model import Fault, OfflineModel
from tests.e2e.site import ROOT, Site
from tests.rendering.pathological import pathological_inputs

SIZE = 100_000
SHOWN = 12  # of the inputs, those that cost most
READERS = 10
RATE = 1_000  # tokens a second of each reply
PAUSE = 0.02  # seconds between two requests to /livez/


def rows() -> Iterator[Row]:
    yield from holds()
    yield from latencies()


def holds() -> Iterator[Row]:
    process = subprocess.run(
        [sys.executable, "-m", "bench.holds", str(SIZE)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = [json.loads(line) for line in process.stdout.splitlines()]
    found.sort(key=lambda each: each["streamed_cpu"], reverse=True)
    for each in found[:SHOWN]:
        yield Row(
            f"{each['name']}: processor time whole / streamed",
            f"{ms(each['whole_cpu'])} / {s(each['streamed_cpu'])}",
            compared=f"longest hold {ms(each['whole_hold'])} / {ms(each['streamed_hold'])}",
        )
    longest = max(found, key=lambda each: max(each["whole_hold"], each["streamed_hold"]))
    yield Row(
        f"all {len(found)} inputs of {SIZE // 1000} KB: longest hold ({longest['name']})",
        ms(max(longest["whole_hold"], longest["streamed_hold"])),
        target="≤ 100 ms",
    )


def latencies() -> Iterator[Row]:
    inputs = pathological_inputs(SIZE // 2)
    texts = list(inputs.values())
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, OfflineModel(rate=RATE) as model:
        site = Site(Path(folder), model.base_url, MAX_RUNNING_REPLIES="10")
        site.start()
        try:
            place = Stage(site, Address.of(model.base_url))
            people = place.people(READERS)
            idle = asyncio.run(poll(place.address, asyncio.sleep(3)))
            yield _latency("/livez/ of an idle site", idle)
            prose = [inputs["words"]] * READERS
            yield _latency(
                f"… beside {READERS} replies of words", beside(place, model, people, prose)
            )
            taken: list[float] = []
            for start in range(0, len(texts), READERS):
                taken += beside(place, model, people, texts[start : start + READERS])
            yield _latency(f"… beside {READERS} pathological ones at a time", taken, "≤ 100 ms")
        finally:
            site.stop()


def _latency(what: str, taken: Sequence[float], target: str = "") -> Row:
    measured = f"{ms(median(taken))} / {ms(p95(taken))} / {ms(max(taken))}"
    return Row(f"{what}: median / 95 % / longest", measured, target=target)


def beside(
    place: Stage, model: OfflineModel, people: Sequence[Person], texts: Sequence[str]
) -> list[float]:
    """How long /livez/ took each time while these replies were streamed and read."""
    model.script(*(Fault(text=text) for text in texts))
    return asyncio.run(poll(place.address, _read_all(place.address, people[: len(texts)])))


async def _read_all(site: Address, people: Sequence[Person]) -> None:
    await asyncio.gather(*(_read(site, person) for person in people))


async def _read(site: Address, person: Person) -> None:
    connection = await Connection.open(site)
    path = await send(connection, person, person.conversations[0], "Hello")
    response = await open_stream(connection, person, path)
    async for _ in response.parts():
        pass
    await connection.close()


async def poll(site: Address, work: Coroutine[None, None, None]) -> list[float]:
    """Asks for /livez/ again and again until the work is done."""
    connection = await Connection.open(site)
    task = asyncio.ensure_future(work)
    taken: list[float] = []
    while not task.done():
        sent = time.perf_counter()
        await (await connection.request("GET", "/livez/", {})).read()
        taken.append(time.perf_counter() - sent)
        await asyncio.sleep(PAUSE)
    await task
    await connection.close()
    return taken

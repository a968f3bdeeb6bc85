"""How late the site answers others while replies full of hostile code are highlighted.

    python -m bench hostile

/livez/ is asked for again and again while twenty people have replies written at the same moment:
with ordinary code, and with code whose lexers have to be ended (found by `bench.lexers`). Each
reply begins with ordinary code, which is to get its colours in any case. The same code without its
language shows what writing and sending it takes by itself. Before that the delays of the event loop
alone, without a site.
"""

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from bench import processes
from bench.client import Connection
from bench.replies import open_stream, send
from bench.report import Row, mb, median, ms, p95
from bench.stage import Address, Person, Stage, stage
from conversations.offline_model import Fault, OfflineModel

PEOPLE = 20
BLOCKS = 4
PAUSE = 0.01  # seconds between an answer and the next question
ORDINARY = "```python\ndef double(number: int) -> int:\n    return 2 * number\n```\n\n"
HOSTILE = {
    "mcschema": "<!--\n",
    "autohotkey": "\n" * 4_000 + ".",
    "easytrieve": "\t" * 4_000 + ".",
    "javascript": '\\"' * 5_000,
    "python": "\n " * 5_000 + ".",
}


def rows() -> Iterator[Row]:
    for name, code in (("ordinary", ("python", "x = 1")), ("hostile", ("mcschema", "<!--\n"))):
        yield Row(f"the loop is late while {name} code is highlighted", latencies(delays(*code)))
    hostile = [f"```{name}\n{code}\n```\n\n" for name, code in HOSTILE.items()]
    plain = [f"```\n{code}\n```\n\n" for code in HOSTILE.values()]
    with OfflineModel(rate=2_000) as model, stage(model.base_url) as place:
        people = place.people(PEOPLE)
        idle = asyncio.run(ask_for_a_while(place.address))
        yield Row("/livez/ while nothing happens", latencies(idle))
        kinds = {"ordinary": [ORDINARY], "hostile": hostile, "the same, plain,": plain}
        for name, blocks in kinds.items():
            texts = [
                ORDINARY + "".join(blocks[(number + each) % len(blocks)] for each in range(BLOCKS))
                for number in range(PEOPLE)
            ]
            model.script(*(Fault(text=text) for text in texts))
            asked, took = asyncio.run(ask_meanwhile(place.address, people))
            yield Row(
                f"/livez/ while {PEOPLE} replies of {BLOCKS + 1} blocks of {name} code are written",
                latencies(asked),
                compared=f"{coloured(place)} with colours, all there after {took:.1f} s",
            )
        yield Row("memory of the helper: PSS", mb(processes.memory(helper(place.pid))))


def delays(language: str, code: str) -> list[float]:
    command = [sys.executable, "-m", "bench.loop_lateness", language, code]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return [float(delay) for delay in json.loads(done.stdout)]


def latencies(seconds: list[float]) -> str:
    return f"median {ms(median(seconds))}, 95 % {ms(p95(seconds))}, worst {ms(max(seconds))}"


async def ask_for_a_while(site: Address) -> list[float]:
    return await ask_until(site, asyncio.get_running_loop().create_task(asyncio.sleep(3)))


async def ask_meanwhile(site: Address, people: list[Person]) -> tuple[list[float], float]:
    """Latencies, and the seconds until all replies were there."""
    started = time.perf_counter()
    replies = asyncio.gather(*(read_reply(site, person) for person in people))
    asked = await ask_until(site, replies)
    return asked, time.perf_counter() - started


async def ask_until(site: Address, end: "asyncio.Future[Any]") -> list[float]:
    connection, asked = await Connection.open(site), []
    while not end.done():
        started = time.perf_counter()
        await (await connection.request("GET", "/livez/", {})).read()
        asked.append(time.perf_counter() - started)
        await asyncio.sleep(PAUSE)
    await connection.close()
    await end
    return asked


async def read_reply(site: Address, person: Person) -> None:
    connection = await Connection.open(site)
    path = await send(connection, person, person.conversations[0], "Code, please")
    await (await open_stream(connection, person, path)).read()
    await connection.close()


def helper(server: int) -> int:
    """The process id of the helper, the youngest in the server's family."""
    return processes.family(server)[-1]


def coloured(place: Stage) -> int:
    """How many of the latest replies begin with code in its colours."""
    query = """
        SELECT count(*) FROM conversations_message m JOIN conversations_conversation c
        ON c.leaf_id = m.id WHERE m.html LIKE '%<span class="k">def</span>%'
    """
    with closing(sqlite3.connect(place.site.data_dir / "db.sqlite3")) as database:
        (count,) = database.execute(query).fetchone()
    return int(count)

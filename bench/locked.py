"""A site while another process holds SQLite's write lock for 30 seconds: `python -m bench locked`.

While a reply streams it is asked for `/livez/` ten times a second; beside that pages are read and
messages sent, which it can't take.
"""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import requests

from bench.report import Row, median, ms, s
from bench.stage import stage
from tests.server.outages import locked_database
from tests.server.startup.visitor import Visitor

SECONDS = 30.0
PAUSE = 0.1
SENDS = 8


def rows() -> Iterator[Row]:
    with stage() as place:
        site = place.site
        site.make_users()
        visitor = Visitor(site)
        path = visitor.send("Hello")
        answers: list[float] = []
        asking = threading.Thread(target=lambda: answers.extend(ask(f"{site.url}/livez/")))
        with locked_database(Path(site.environment["DATA_DIR"]) / "db.sqlite3"):
            asking.start()
            pages = [seconds(lambda: visitor.get(path)) for _ in range(SENDS)]
            sends = [
                seconds(partial(visitor.post, "/", text=str(number), token=str(number)))
                for number in range(SENDS)
            ]
            asking.join()
    what = "SQLite locked for 30 s"
    yield Row(f"{what}: /livez/, median / longest", f"{ms(median(answers))} / {ms(max(answers))}")
    yield Row(f"{what}: a page, median / longest", f"{ms(median(pages))} / {ms(max(pages))}")
    yield Row(
        f"{what}: a message refused, the first / the others, median",
        f"{s(sends[0])} / {s(median(sends[1:]))}",
        target="≤ 2 s",
    )


def ask(url: str) -> Iterator[float]:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        yield seconds(lambda: requests.get(url, timeout=2 * SECONDS))
        time.sleep(PAUSE)


def seconds(call: Callable[[], object]) -> float:
    began = time.monotonic()
    call()
    return time.monotonic() - began

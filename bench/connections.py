"""How pages answer while a thousand connections do what they can to keep the site busy.

`python -m bench connections`: a fresh site with its default limits for each crowd, on loopback. The
crowd is opened at once, pages are asked for beside it, and it is gone again when they are measured.
"""

import socket
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import requests

from bench.report import Row
from bench.stage import Stage, stage

CROWD = 1010
TIMES = 30
TIMEOUT = 60  # seconds

PAGES = ("/livez/", "/readyz/", "/accounts/login/")
STALLED = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx"

type Crowd = Callable[[Stage], Iterable[bytes]]


def silent(_scene: Stage) -> Iterator[bytes]:
    for _ in range(CROWD):
        yield b""


def half_headers(_scene: Stage) -> Iterator[bytes]:
    for _ in range(CROWD):
        yield STALLED[:30]


def one_byte_of_a_body(_scene: Stage) -> Iterator[bytes]:
    for _ in range(CROWD):
        yield STALLED


def streams_of_one_user(scene: Stage) -> Iterator[bytes]:
    """Of a reply that goes on for as long as they are open."""
    [person] = scene.people(1)
    cookie = {"sessionid": person.session}
    page = requests.get(
        f"{scene.site.url}/c/{person.conversations[0]}/", cookies=cookie, timeout=TIMEOUT
    )
    token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    sent = requests.post(
        f"{scene.site.url}/c/{person.conversations[0]}/messages/",
        {"text": "/fault tokens=3000\nGo on", "token": "once", "csrfmiddlewaretoken": token},
        cookies=cookie | {"csrftoken": page.cookies["csrftoken"]},
        timeout=TIMEOUT,
    )
    path = sent.text.partition('hx-sse:connect="')[2].partition('"')[0]
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={person.session}\r\n\r\n"
    for _ in range(CROWD):
        yield head.encode()


CROWDS: dict[str, Crowd] = {
    "nobody else": lambda _scene: (),
    "silent connections": silent,
    "connections with half their headers": half_headers,
    "connections with one byte of a body": one_byte_of_a_body,
    "streams of one user": streams_of_one_user,
}


def rows() -> Iterator[Row]:
    for name, crowd in CROWDS.items():
        with stage() as scene:
            requests.get(f"{scene.site.url}/accounts/login/", timeout=TIMEOUT)
            with surrounded(scene, crowd):
                first, later = measure(scene)
        count = "" if name == "nobody else" else f"{CROWD:,} "
        yield Row(
            f"pages beside {count}{name}: the first, at once / later ones, median / 95 %",
            f"{first * 1000:.0f} ms / {statistics.median(later) * 1000:.0f} ms / "
            f"{statistics.quantiles(later, n=20)[-1] * 1000:.0f} ms",
        )


@contextmanager
def surrounded(scene: Stage, crowd: Crowd) -> Iterator[None]:
    with ExitStack() as lines:
        for data in crowd(scene):
            line = socket.create_connection((scene.address.host, scene.address.port), TIMEOUT)
            lines.enter_context(line)
            line.sendall(data)
        yield


def measure(scene: Stage) -> tuple[float, list[float]]:
    """Seconds for the first page, right after the crowd, and for those that follow."""
    ask = partial(seconds_for, scene)
    first = ask(PAGES[0])
    return first, [ask(PAGES[number % len(PAGES)]) for number in range(TIMES)]


def seconds_for(scene: Stage, path: str) -> float:
    began = time.perf_counter()
    response = requests.get(f"{scene.site.url}{path}", timeout=TIMEOUT)
    assert response.status_code == 200, response.status_code
    return time.perf_counter() - began

"""A server that is told to stop says so first, and refuses connections only after that."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests

from tests.e2e.site import Site
from tests.server.startup.visitor import TIMEOUT
from tests.waiting import wait_until

STOPPING = {"status": "stopping", "checks": {}}


@pytest.fixture(params=["gevent", "gthread"])
def draining(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A site that was told to stop, and has longer for that than any test takes."""
    environment = {"WORKER_CLASS": request.param, "SHUTDOWN_DRAIN": "600", "SHUTDOWN_GRACE": "0"}
    with Site(tmp_path, "http://127.0.0.1:9/v1", **environment) as site:
        site.start()
        terminate(site)
        yield site


def terminate(site: Site) -> None:
    assert site.process
    site.process.send_signal(signal.SIGTERM)
    wait_until(lambda: ask_readiness(site)[0] != 200, "another answer than before", TIMEOUT)
    assert ask_readiness(site) == (503, STOPPING)


def ask_readiness(site: Site) -> tuple[int, object]:
    answer = requests.get(f"{site.url}/readyz/", timeout=TIMEOUT)
    return answer.status_code, answer.json()


def test_pages_are_served_while_it_says_that_it_stops(draining: Site) -> None:
    for path in ("/accounts/login/", "/livez/"):
        assert requests.get(f"{draining.url}{path}", timeout=TIMEOUT).status_code == 200
    # By its older name as well.
    assert requests.get(f"{draining.url}/healthz/", timeout=TIMEOUT).json() == STOPPING
    # A second time ends it.
    draining.stop()
    assert draining.process
    assert draining.process.returncode == 0


def test_it_stops_by_itself_after_that(tmp_path: Path) -> None:
    environment = {"SHUTDOWN_DRAIN": "1.5", "SHUTDOWN_GRACE": "0"}
    with Site(tmp_path, "http://127.0.0.1:9/v1", **environment) as site:
        site.start()
        began = time.monotonic()
        terminate(site)
        assert site.process
        assert site.process.wait(TIMEOUT) == 0
        assert time.monotonic() - began >= 1.5


def test_a_worker_that_is_started_meanwhile_says_it_too(tmp_path: Path) -> None:
    environment = {"SHUTDOWN_DRAIN": "600", "SHUTDOWN_GRACE": "0"}
    with Site(tmp_path, "http://127.0.0.1:9/v1", **environment) as site:
        site.start()
        terminate(site)
        [worker] = site.list_workers()
        os.kill(worker, signal.SIGKILL)
        # Nobody is refused meanwhile: the main process holds the socket.
        answer = wait_until(partial(ask_again, site), "an answer", TIMEOUT)
        assert answer == (503, STOPPING)
        assert site.list_workers() != [worker]
        site.stop()


def ask_again(site: Site) -> tuple[int, object] | None:
    """None where it was the worker that dies which was reached."""
    try:
        return ask_readiness(site)
    except requests.ConnectionError:
        return None

"""Several processes on one PostgreSQL and one Redis: what one writes is followed and stopped from
another, and what dies with one is taken up by the others.
"""

import itertools
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import Site
from tests.server.startup.postgresql import inhabited_database, own_database
from tests.server.startup.visitor import TIMEOUT, Visitor
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")

SECRET_KEY = "the same for all servers of a site, as they share sessions"


@pytest.fixture(scope="module")
def inhabited(request: pytest.FixtureRequest) -> Iterator[str]:
    request.getfixturevalue("django_db_setup")
    folder = request.getfixturevalue("tmp_path_factory").mktemp("inhabited")
    unblocked = request.getfixturevalue("django_db_blocker").unblock()
    with unblocked, inhabited_database(folder) as name:
        yield name


@pytest.fixture
def environment(redis: None, inhabited: str, settings: Settings) -> Iterator[dict[str, str]]:
    """Of the servers of one site."""
    with own_database(template=inhabited) as url:
        yield {
            "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL,
            "REDIS_PREFIX": settings.REDIS_PREFIX,
            "SECRET_KEY": SECRET_KEY,
            "CHECKPOINT_INTERVAL": "0.2",
            "SHUTDOWN_GRACE": "20",
        }


@pytest.fixture
def model() -> Iterator[OfflineModel]:
    with OfflineModel() as model:
        yield model


@pytest.fixture
def start(
    environment: dict[str, str], model: OfflineModel, tmp_path: Path
) -> Iterator[Callable[..., Site]]:
    """Starts a server of the site, with a data folder of its own."""
    with ExitStack() as stack:
        folders = itertools.count()

        def start(**more: str) -> Site:
            (folder := tmp_path / str(next(folders))).mkdir()
            site = stack.enter_context(Site(folder, model.base_url, **(environment | more)))
            site.start()
            return site

        yield start


@pytest.fixture
def gate(model: OfflineModel) -> Iterator[Gate]:
    """Two words of a reply come; the others when it is opened."""
    (gate := Gate()).release(2)
    model.script(Fault(text="One two three four.", gate=gate))
    yield gate
    gate.open()


def test_a_reply_is_followed_on_the_other_server(start: Callable[..., Site], gate: Gate) -> None:
    one, other = start(), start()
    path = Visitor(one).send("Hello")
    followed = Visitor(other).follow(path)
    followed.wait_for("One two")
    gate.open()
    followed.wait_for("four.")
    followed.wait_for("event: end")


def test_a_reply_is_stopped_from_the_other_server(start: Callable[..., Site], gate: Gate) -> None:
    one, other = start(), start()
    path = Visitor(one).send("Hello")
    elsewhere = Visitor(other)
    elsewhere.follow(path).wait_for("One two")
    elsewhere.stop(path)
    assert "One two" in elsewhere.wait_for_reply(path, "stopped")


def test_a_server_that_starts_leaves_the_others_replies_alone(
    start: Callable[..., Site], gate: Gate
) -> None:
    visitor = Visitor(start())
    path = visitor.send("Hello")
    visitor.follow(path).wait_for("One two")
    start()
    gate.open()
    assert "four." in visitor.wait_for_reply(path, "complete")


def test_a_process_that_was_killed_is_noticed_at_once_on_its_own_host(
    start: Callable[..., Site], gate: Gate
) -> None:
    site = start()
    visitor = Visitor(site)
    path = visitor.send("Hello")
    visitor.follow(path).wait_for("One two")
    site.wait_for_checkpoint("One two")
    site.stop(signal.SIGKILL)
    site.start()
    assert "One two" in visitor.wait_for_reply(path, "interrupted")


def test_what_a_killed_server_wrote_is_interrupted_by_another(
    start: Callable[..., Site], gate: Gate
) -> None:
    one, other = start(), start()
    path = Visitor(one).send("Hello")
    elsewhere = Visitor(other)
    elsewhere.follow(path).wait_for("One two")
    one.wait_for_checkpoint("One two")
    one.stop(signal.SIGKILL)
    assert "One two" in elsewhere.wait_for_reply(path, "interrupted")


def test_hanging_up_restarts_the_processes_and_their_replies_go_on(
    start: Callable[..., Site], gate: Gate
) -> None:
    site = start(WEB_CONCURRENCY="2")
    visitor = Visitor(site)
    path = visitor.send("Hello")
    visitor.follow(path).wait_for("One two")
    assert site.process
    site.process.send_signal(signal.SIGHUP)
    # New processes answer while the old ones write.
    for _ in range(20):
        assert visitor.get(path).status_code == 200
    gate.open()
    assert "four." in visitor.wait_for_reply(path, "complete")
    assert site.process.poll() is None


def test_connections_are_shared_evenly(start: Callable[..., Site]) -> None:
    site = start(WEB_CONCURRENCY="2")
    workers = site.list_workers()
    before = [count_sockets(pid) for pid in workers]
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(socket.create_connection(("127.0.0.1", site.port)))

        def count_accepted() -> list[int]:
            pairs = zip(workers, before, strict=True)
            return [count_sockets(pid) - first for pid, first in pairs]

        wait_until(
            lambda: sum(count_accepted()) >= 200,
            "200 connections that were accepted",
            TIMEOUT,
            instead=count_accepted,
        )
        accepted = count_accepted()
    assert len(accepted) == 2
    # Of a fair coin's throws fewer than 60 of 200 are heads once in a hundred million times.
    assert min(accepted) >= 60


def count_sockets(pid: int) -> int:
    return sum(is_socket(file) for file in Path(f"/proc/{pid}/fd").iterdir())


def is_socket(file: Path) -> bool:
    try:
        return str(file.readlink()).startswith("socket:")
    except FileNotFoundError:
        return False

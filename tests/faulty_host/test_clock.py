"""A server whose host's clock is a year ahead, and then right again."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import Site
from tests.faulty_host import Clock
from tests.server.startup.visitor import TIMEOUT, Visitor
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite: one process")

TEXT = "One two three four."


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


@pytest.fixture
def model() -> Iterator[OfflineModel]:
    with OfflineModel() as model:
        yield model


@pytest.fixture
def site(prepared: Path, tmp_path: Path, clock: Clock, model: OfflineModel) -> Iterator[Site]:
    with Site(tmp_path, model.base_url, **clock.environment) as site:
        site.begin_as(prepared)
        clock.put_ahead()
        site.start()
        yield site


def wait_for_count(site: Site, count: int) -> None:
    """Return once there are so many conversations in the database, deleted ones included."""
    query = "SELECT COUNT(*) FROM conversations_conversation"
    with closing(sqlite3.connect(site.data_dir / "db.sqlite3")) as database:
        wait_until(
            lambda: database.execute(query).fetchone() == (count,),
            f"a database of {count} conversations",
            TIMEOUT,
        )


def test_what_ran_goes_on_and_what_was_deleted_goes_once_the_clock_is_right(
    site: Site, clock: Clock, model: OfflineModel
) -> None:
    visitor = Visitor(site)
    deleted = visitor.send("To be deleted")
    visitor.wait_for_reply(deleted, "complete")
    (gate := Gate()).release(2)
    model.script(Fault(text=TEXT, gate=gate))
    running = visitor.send("Hello")
    visitor.follow(running).wait_for("One two")
    assert visitor.post(f"{deleted}delete/").status_code < 400
    clock.put_right()
    # Not in a year: what its clock dated ahead can't be undone for so long.
    wait_for_count(site, 1)
    gate.open()
    assert "four." in visitor.wait_for_reply(running, "complete")
    # Still signed in, and nothing is limited until the year is over.
    visitor.wait_for_reply(visitor.send("And now?"), "complete")


def test_what_ran_when_it_died_is_interrupted_by_a_start_with_the_right_clock(
    site: Site, clock: Clock, model: OfflineModel
) -> None:
    visitor = Visitor(site)
    (gate := Gate()).release(2)
    model.script(Fault(text=TEXT, gate=gate))
    path = visitor.send("Hello")
    site.wait_for_checkpoint("One two")
    site.stop(signal.SIGKILL)
    clock.put_right()
    site.start()
    assert "One two" in visitor.wait_for_reply(path, "interrupted")
    gate.open()

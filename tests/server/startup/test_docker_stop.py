"""`docker stop`: SIGTERM, and ten seconds later SIGKILL."""

import itertools
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from conversations.offline_model import OfflineModel
from tests.e2e.site import Site
from tests.server.startup.saved_replies import read_replies
from tests.server.startup.visitor import Visitor

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite: one process")

# Of a reply that goes on for a minute.
WORDS = " ".join(f"w{number}" for number in range(1_200))
LONG = f"\n/fault rate=20 text='{WORDS}'"
# Seconds that running replies get.
GRACE = 0.5
# Seconds after which Docker kills what is to stop.
KILLED_AFTER = 10


@pytest.fixture
def site(prepared: Path, tmp_path: Path) -> Iterator[Site]:
    environment = {"MAX_RUNNING_REPLIES": "100", "CHECKPOINT_INTERVAL": "60"}
    with OfflineModel() as model, Site(tmp_path, model.base_url, **environment) as site:
        site.begin_as(prepared)
        yield site


def send_many(visitor: Visitor, count: int) -> list[str]:
    """Begin so many conversations whose replies go on for a minute; return their paths."""
    answers = [visitor.post("/", text=f"{n}{LONG}", token=str(n)) for n in range(count)]
    return [answer.headers["Location"] for answer in answers]


def test_fifty_running_replies_are_interrupted_and_saved_in_time(site: Site) -> None:
    site.environment["SHUTDOWN_GRACE"] = str(GRACE)
    site.start()
    visitor = Visitor(site)
    followed = [visitor.follow(path) for path in itertools.islice(send_many(visitor, 50), 5)]
    for each in followed:
        each.wait_for(" w3 ")
    # As Docker does it, whose ten seconds are enough for this even on a machine that is busy.
    assert site.process
    site.process.send_signal(signal.SIGTERM)
    assert site.process.wait(KILLED_AFTER) == 0
    site.close_files()
    for each in followed:
        each.wait_for("event: end")
    replies = read_replies(site)
    assert {status for status, _text in replies} == {"interrupted"}
    assert len(replies) == 50
    assert all(text and WORDS.startswith(text) for _status, text in replies)


def test_a_page_that_looks_on_holds_up_nothing(site: Site) -> None:
    """Longer than a test waits for a stop."""
    site.environment["SHUTDOWN_GRACE"] = "600"
    site.start()
    visitor = Visitor(site)
    feed = visitor.session.get(f"{site.url}/conversations/feed/", stream=True, timeout=60)
    pieces = feed.iter_content(None)
    assert b"listChanges" in next(pieces)
    site.stop()
    # The page isn't told that this is the end: it comes back by itself.
    assert b"event: end" not in b"".join(pieces)


def test_a_kill_in_the_middle_of_the_grace_costs_nothing_but_the_rest_of_a_reply(
    site: Site,
) -> None:
    site.start()
    visitor = Visitor(site)
    [path] = send_many(visitor, 1)
    followed = visitor.follow(path)
    assert site.process
    site.process.send_signal(signal.SIGTERM)
    followed.wait_for(" w30 ")
    # Now that it is told to stop it doesn't wait for the minute between two checkpoints.
    site.wait_for_checkpoint(" w30 ")
    site.stop(signal.SIGKILL)
    site.start()
    assert " w30 " in Visitor(site).wait_for_reply(path, "interrupted")
    [(_status, text)] = read_replies(site)
    assert WORDS.startswith(text)

"""How many streams one user may have in all processes together."""

import queue
import time
from collections.abc import Iterator
from typing import Any

import pytest

from chatsite.redis import client
from chatsite.redis.connected import Link
from chatsite.redis.link import close_link
from conversations.services.replies import shared_streams
from conversations.services.replies.streams import GIVE_WAY, StreamRoom, give_way, replies
from tests.redis_server import TIMEOUT

pytestmark = pytest.mark.usefixtures("redis")

ALICE, BOB = 1, 2


@pytest.fixture
def here() -> Iterator[StreamRoom]:
    """The room of this process, in which a user may have two streams."""
    yield StreamRoom("replies", lambda: 2)
    close_link()


@pytest.fixture
def elsewhere(here: StreamRoom) -> StreamRoom:
    """That of another process."""
    return StreamRoom("replies", lambda: 2)


@pytest.fixture
def told() -> Iterator[queue.Queue[dict[str, Any]]]:
    """What other processes hear of streams that are to give way."""
    heard: queue.Queue[dict[str, Any]] = queue.Queue()
    link = Link()
    link.bus.on(GIVE_WAY, lambda **values: heard.put(values))
    link.bus.open()
    yield heard
    link.close()


def nobody() -> None:
    """Nobody has to be woken."""


def test_one_too_many_has_the_oldest_of_another_process_give_way(
    here: StreamRoom, elsewhere: StreamRoom, told: queue.Queue[dict[str, Any]]
) -> None:
    with (
        elsewhere.open_stream(ALICE, nobody) as oldest,
        elsewhere.open_stream(ALICE, nobody),
        here.open_stream(ALICE, nobody),
    ):
        notice = told.get(timeout=TIMEOUT)
    assert notice == {"kind": "replies", "user_id": ALICE, "names": [oldest.name]}


def test_a_stream_that_another_process_has_give_way_ends(here: StreamRoom) -> None:
    with replies.open_stream(ALICE, nobody) as stream:
        give_way("replies", ALICE, [stream.name])
        assert stream.gave_way


def test_somebody_else_s_streams_stay(
    here: StreamRoom, elsewhere: StreamRoom, told: queue.Queue[dict[str, Any]]
) -> None:
    with (
        elsewhere.open_stream(BOB, nobody),
        elsewhere.open_stream(BOB, nobody),
        here.open_stream(ALICE, nobody),
        here.open_stream(BOB, nobody),
    ):
        assert told.get(timeout=TIMEOUT)["user_id"] == BOB


def test_one_that_was_closed_counts_no_more(
    here: StreamRoom, elsewhere: StreamRoom, told: queue.Queue[dict[str, Any]]
) -> None:
    with elsewhere.open_stream(ALICE, nobody):
        pass
    # What was to be written is.
    close_link()
    with (
        elsewhere.open_stream(ALICE, nobody) as oldest,
        here.open_stream(ALICE, nobody),
        here.open_stream(ALICE, nobody),
    ):
        assert told.get(timeout=TIMEOUT)["names"] == [oldest.name]


def test_streams_that_a_clock_which_was_ahead_has_left_take_nobodys_place() -> None:
    key = shared_streams.make_key("replies", ALICE)
    in_a_year = time.time() + 366 * 24 * 3600
    client.get_client().zadd(key, {"left": in_a_year, "left too": in_a_year})
    assert shared_streams.add_stream("replies", ALICE, "mine", 2) == []

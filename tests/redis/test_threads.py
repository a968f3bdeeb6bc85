"""The threads that write to Redis and read from it, and what must not end them."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from chatsite.redis.client import make_key
from chatsite.redis.connected import Link
from tests.redis_server import TIMEOUT, make_link


@pytest.fixture
def link(redis: None) -> Iterator[Link]:
    link = make_link()
    yield link
    link.close()


class Broken:
    """Something that fails when it is asked for its news."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def write(self, pipe: Any) -> None:
        self.asked.set()
        raise RuntimeError("broken")

    def mark_lost(self) -> None:
        raise AssertionError("it was never written")


class Entry:
    """An entry of a stream."""

    def __init__(self, text: str) -> None:
        self.text = text

    def write(self, pipe: Any) -> None:
        pipe.xadd(make_key("entries"), {"text": self.text})

    def mark_lost(self) -> None:
        raise AssertionError("Redis is there")


def test_what_fails_to_be_written_keeps_nothing_else_from_it(link: Link) -> None:
    broken, received = Broken(), threading.Event()
    link.reader.follow(make_key("entries"), lambda _fields: received.set(), b"0-0")
    link.flusher.request(broken, at_once=True)
    assert broken.asked.wait(TIMEOUT)
    link.flusher.request(Entry("Hello"), at_once=True)
    assert received.wait(TIMEOUT)


def test_an_entry_that_can_not_be_used_keeps_none_after_it(link: Link) -> None:
    received = threading.Event()

    def handle(fields: Any) -> None:
        assert fields[b"text"] != b"strange"
        received.set()

    link.reader.follow(make_key("entries"), handle, b"0-0")
    for text in ("strange", "Hello"):
        link.flusher.request(Entry(text))
    assert received.wait(TIMEOUT)

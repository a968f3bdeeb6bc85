"""Copies that each process keeps of policies, and how it hears that one has changed."""

import queue
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction

from chatsite.accounts.models import SitePolicy
from chatsite.redis import local_copies
from chatsite.redis.connected import Link
from chatsite.redis.link import close_link
from tests.redis_server import TIMEOUT


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    caches["local"].clear()


@pytest.fixture
def told(redis: None) -> Iterator[queue.Queue[dict[str, Any]]]:
    """What another process hears of originals that have changed."""
    heard: queue.Queue[dict[str, Any]] = queue.Queue()
    link = Link()
    link.bus.on(local_copies.FORGET, lambda **values: heard.put(values))
    link.bus.open()
    yield heard
    link.close()
    close_link()


def test_an_original_is_read_once() -> None:
    originals = iter(["first", "second"])
    copies = [local_copies.get_copy("key", lambda: next(originals)) for _ in range(3)]
    assert copies == ["first"] * 3


def test_a_copy_that_was_forgotten_is_made_anew() -> None:
    local_copies.get_copy("key", lambda: "first")
    local_copies.forget_own_copy("key")
    assert local_copies.get_copy("key", lambda: "second") == "second"


@pytest.mark.django_db(transaction=True)
def test_other_processes_are_told_of_a_change(told: queue.Queue[dict[str, Any]]) -> None:
    SitePolicy(pk=1).save()
    assert told.get(timeout=TIMEOUT) == {"key": "site-policy"}


@pytest.mark.django_db(transaction=True)
def test_what_was_read_before_a_change_was_through_is_forgotten() -> None:
    with transaction.atomic():
        local_copies.forget_copy("key")
        local_copies.get_copy("key", lambda: "before")
    assert local_copies.get_copy("key", lambda: "after") == "after"

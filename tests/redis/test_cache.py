"""The cache that processes share, and what is left of it while Redis is away."""

import pytest
from django.core.cache import caches
from pytest_django import Settings

from chatsite.redis.cache import SharedCache
from tests.server_proxy import ServerProxy


@pytest.fixture
def line(redis: None, settings: Settings) -> ServerProxy:
    """The way to Redis."""
    return ServerProxy(settings.REDIS_URL)


def make_cache(line: ServerProxy) -> SharedCache:
    """Make what a process has."""
    return SharedCache(line.url, {})


@pytest.fixture(autouse=True)
def local_is_empty() -> None:
    caches["local"].clear()


def test_what_one_process_keeps_another_finds(line: ServerProxy) -> None:
    make_cache(line).set("tries", [1, 2], 60)
    assert make_cache(line).get("tries") == [1, 2]


def test_a_key_is_added_once_for_all_processes(line: ServerProxy) -> None:
    assert make_cache(line).add("code", True, 60)
    assert not make_cache(line).add("code", True, 60)


def test_while_redis_is_away_a_process_keeps_its_own(line: ServerProxy) -> None:
    cache = make_cache(line)
    line.refuse()
    cache.set("tries", [1], 60)
    assert cache.get("tries") == [1]
    assert cache.get_many(["tries"]) == {"tries": [1]}


def test_while_redis_is_away_it_is_not_asked_each_time(line: ServerProxy) -> None:
    cache = make_cache(line)
    line.refuse()
    cache.get("tries")
    line.come_back()
    cache.set("tries", [1], 60)
    assert make_cache(line).get("tries") is None


def test_once_redis_is_back_it_is_used_again(line: ServerProxy) -> None:
    cache = make_cache(line)
    line.refuse()
    cache.get("tries")
    line.come_back()
    cache.away_until = 0
    cache.set("tries", [1], 60)
    assert make_cache(line).get("tries") == [1]

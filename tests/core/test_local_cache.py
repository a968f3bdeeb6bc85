"""The cache of one process, whatever the wall clock says."""

import pytest

from chatsite.core import local_cache
from chatsite.core.local_cache import LocalCache


class Clock:
    """Stands still unless it is set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(local_cache, "time", clock)
    return clock


@pytest.fixture
def cache(request: pytest.FixtureRequest) -> LocalCache:
    """Entries are shared by name."""
    return LocalCache(request.node.name, {})


def test_what_is_kept_is_gone_after_its_time(clock: Clock, cache: LocalCache) -> None:
    cache.set("a", 1, 60)
    clock.now += 59
    assert cache.get("a") == 1
    clock.now += 1
    assert cache.get("a") is None


def test_without_a_time_of_its_own_it_is_kept_for_five_minutes(
    clock: Clock, cache: LocalCache
) -> None:
    cache.set("a", 1)
    clock.now += 299
    assert cache.add("a", 2) is False
    clock.now += 1
    assert cache.add("a", 2) is True


def test_what_is_kept_for_good_stays(clock: Clock, cache: LocalCache) -> None:
    cache.set("a", 1, None)
    clock.now += 10**9
    assert cache.get("a") == 1

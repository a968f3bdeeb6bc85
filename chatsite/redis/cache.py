"""The cache that all processes share: rate limits, and what is kept of policies.

While Redis is away each process goes on with a memory of its own, so that pages work and limits
hold, a process each. What was kept before is forgotten by then, as a cache may.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, Concatenate

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from chatsite.redis.client import CONNECT_TIMEOUT, make_key

logger = logging.getLogger(__name__)

# Seconds: a page asks several times, and isn't to wait as often.
TIMEOUT = 0.5
# Seconds for which Redis isn't asked after it has failed.
PAUSE = 1.0


def fall_back[**P, T](
    method: Callable[Concatenate[Any, P], T],
) -> Callable[Concatenate["SharedCache", P], T]:
    """Make a cache's method one that answers from this process's memory while Redis is away."""
    name = method.__name__

    def call(cache: "SharedCache", /, *args: P.args, **kwargs: P.kwargs) -> T:
        if time.monotonic() >= cache.away_until:
            try:
                return method(cache, *args, **kwargs)
            except RedisError as error:
                cache.away_until = time.monotonic() + PAUSE
                logger.warning("Redis is away: limits hold in each process alone", exc_info=error)
        answer: T = getattr(cache.local, name)(*args, **kwargs)
        return answer

    call.__name__ = name
    return call


class SharedCache(RedisCache):
    """Django's, in a site's part of Redis."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": min(TIMEOUT, CONNECT_TIMEOUT),
            "retry": Retry(NoBackoff(), 1),
        }
        super().__init__(server, params | {"KEY_PREFIX": make_key("cache"), "OPTIONS": options})
        # By time.monotonic(): Redis has failed, and isn't asked before.
        self.away_until = 0.0

    @property
    def local(self) -> BaseCache:
        return caches["local"]

    add = fall_back(RedisCache.add)
    get = fall_back(RedisCache.get)
    set = fall_back(RedisCache.set)
    touch = fall_back(RedisCache.touch)
    delete = fall_back(RedisCache.delete)
    get_many = fall_back(RedisCache.get_many)
    has_key = fall_back(RedisCache.has_key)
    incr = fall_back(RedisCache.incr)
    set_many = fall_back(RedisCache.set_many)
    delete_many = fall_back(RedisCache.delete_many)

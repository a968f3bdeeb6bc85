"""Redis for the tests: the one that answers, in a part of it that nobody else uses."""

import os
import uuid
from collections.abc import Iterator

import pytest
from pytest_django import Settings
from redis import Redis, RedisError

from chatsite.redis import client
from chatsite.redis.connected import Link

URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")
# Seconds in which what crosses it is there, however busy the machine is.
TIMEOUT = 10


def use_redis(settings: Settings) -> Iterator[None]:
    """Have the site use it, and leave nothing there."""
    redis = Redis.from_url(URL, socket_connect_timeout=2)
    try:
        redis.ping()
    except RedisError as error:
        pytest.skip(f"No Redis answers at {URL}: {error}")
    settings.REDIS_URL = URL
    settings.REDIS_PREFIX = f"chat-tests-{uuid.uuid4().hex}:"
    client.close_client()
    yield
    client.close_client()
    keys = list(redis.scan_iter(match=f"{settings.REDIS_PREFIX}*", count=1_000))
    if keys:
        redis.delete(*keys)
    redis.close()


def make_link() -> Link:
    """Make what a process has: each is another process to the others."""
    link = Link()
    link.bus.open()
    return link

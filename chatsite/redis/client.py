"""The connections of this process to Redis."""

import functools

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

# Seconds. Redis answers in a millisecond; who waits longer is better off without it.
CONNECT_TIMEOUT = 1.0
TIMEOUT = 2.0


def make_key(name: str) -> str:
    """Return the key under which something is kept: sites may share a Redis server."""
    return f"{settings.REDIS_PREFIX}{name}"


@functools.cache
def get_client() -> Redis:
    """Return the client that all threads share; each call takes a connection for as long."""
    return make_client()


def make_client(*, timeout: float = TIMEOUT) -> Redis:
    """Make a client whose answers may take so many seconds.

    One more try at once, as a connection that has lain idle may be dead; no more than that: who
    calls knows better what to do without an answer.
    """
    return Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=CONNECT_TIMEOUT,
        socket_timeout=timeout,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 1),
        client_name="chat",
    )


def close_client() -> None:
    """Forget the connections: the next call makes new ones."""
    if get_client.cache_info().currsize:
        get_client().close()
        get_client.cache_clear()

"""The open streams of each user in all processes, in Redis, by when they were opened.

While it is away each process counts its own. Those of a process that died are the oldest one day,
and give way first.
"""

import time

from redis import RedisError
from redis.client import Pipeline

from chatsite.redis import client
from chatsite.redis.link import get_link

# Seconds after which a user who opens no more is forgotten.
KEPT = 24 * 3600
# Hosts whose clocks are less than this apart count each other's.
CLOCK_SLACK = 60


def add_stream(kind: str, user_id: int, name: str, most: int) -> list[str]:
    """Count a stream; return the names of those beyond `most`, the oldest, which count no more."""
    key = make_key(kind, user_id)
    try:
        pipe = client.get_client().pipeline(transaction=True)
        now = time.time()
        # Those that a clock which was ahead has left would be the newest for as long.
        pipe.zremrangebyscore(key, now + CLOCK_SLACK, "+inf")
        pipe.zadd(key, {name: now})
        pipe.zrange(key, 0, -most - 1)
        pipe.zremrangebyrank(key, 0, -most - 1)
        pipe.expire(key, KEPT)
        _dated_ahead, _added, excess, _removed, _kept = pipe.execute()
    except RedisError:
        return []
    return [each.decode() for each in excess]


def remove_stream(kind: str, user_id: int, name: str) -> None:
    """Count it no more, soon."""
    if link := get_link():
        link.flusher.request(Removal(make_key(kind, user_id), name))


def make_key(kind: str, user_id: int) -> str:
    return client.make_key(f"streams:{kind}:{user_id}")


class Removal:
    """A stream that counts no more."""

    def __init__(self, key: str, name: str) -> None:
        self._key = key
        self._name = name

    def write(self, pipe: Pipeline) -> None:
        pipe.zrem(self._key, self._name)

    def mark_lost(self) -> None:
        """It counts until it is the oldest."""

"""A crowd at once: on one process, and on two that share PostgreSQL and Redis."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis, RedisError

from bench import load
from bench.report import Row
from bench.stage import Stage, stage
from bench.workers import empty_database, measured, postgresql_answers

CLIENTS = 200
ROUNDS = 2
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


def rows() -> Iterator[Row]:
    yield from measured("1 process, SQLite", CLIENTS, ROUNDS)
    if not postgresql_answers():
        return
    with empty_database() as url:
        yield from measured("1 process, PostgreSQL", CLIENTS, ROUNDS, DATABASE_URL=url)
    with shared_site() as place:
        if place is None:
            return
        load.warm_up(place)
        result = load.measure(place, CLIENTS, ROUNDS)
        yield from load.described(
            f"2 processes, PostgreSQL, Redis, {CLIENTS} at once", result, "≤ 600 ms"
        )


@contextmanager
def shared_site(name: str = "", **environment: str) -> Iterator[Stage | None]:
    """Two processes that share PostgreSQL and Redis; None where these aren't there. `name` tells
    apart those that are there at the same time.
    """
    if not (postgresql_answers() and redis_answers()):
        yield None
        return
    with (
        empty_database(name) as url,
        stage(
            DATABASE_URL=url,
            REDIS_URL=REDIS,
            REDIS_PREFIX=f"bench-{os.getpid()}{name}:",
            WEB_CONCURRENCY="2",
            **environment,
        ) as place,
    ):
        yield place


def redis_answers() -> bool:
    try:
        with Redis.from_url(REDIS, socket_connect_timeout=3) as redis:
            redis.ping()
    except RedisError as error:
        print(f"Redis was left out: {error}", file=sys.stderr)
        return False
    return True

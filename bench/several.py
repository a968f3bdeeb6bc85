"""A crowd at once: on one process, and on two that share PostgreSQL and Redis."""

import os
import sys
from collections.abc import Iterator

from redis import Redis, RedisError

from bench.report import Row
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
    if not redis_answers():
        return
    with empty_database() as url:
        shared = {
            "DATABASE_URL": url,
            "REDIS_URL": REDIS,
            "REDIS_PREFIX": f"bench-{os.getpid()}:",
            "WEB_CONCURRENCY": "2",
        }
        yield from measured("2 processes, PostgreSQL, Redis", CLIENTS, ROUNDS, **shared)


def redis_answers() -> bool:
    try:
        with Redis.from_url(REDIS, socket_connect_timeout=3) as redis:
            redis.ping()
    except RedisError as error:
        print(f"Redis was left out: {error}", file=sys.stderr)
        return False
    return True

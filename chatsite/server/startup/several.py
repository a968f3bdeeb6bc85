"""Several processes: how many are wanted, and whether they have what they need to know of each
other, PostgreSQL and Redis.
"""

import hashlib
import shlex

from django.conf import settings
from django.db import connection

from chatsite import env
from chatsite.redis.link import is_configured
from chatsite.server.startup import LaunchError

NAME = "fingerprint"
# Seconds that the fingerprint of the secret is kept: servers that start within it are compared.
KEPT = 30 * 24 * 3600


def count_processes() -> int:
    """Return how many processes are to serve; raises LaunchError when they couldn't."""
    words = shlex.split(env.string("GUNICORN_CMD_ARGS"))
    if any(word == "-w" or word.startswith(("--workers", "-w")) for word in words):
        raise LaunchError(
            "GUNICORN_CMD_ARGS sets the number of workers. Set WEB_CONCURRENCY instead."
        )
    count = env.integer("WEB_CONCURRENCY", 1, least=1)
    if count > 1 and connection.vendor != "postgresql":
        raise LaunchError(
            f"WEB_CONCURRENCY={count}: several processes need PostgreSQL. "
            "Set DATABASE_URL and REDIS_URL, or leave WEB_CONCURRENCY out."
        )
    if count > 1 and not settings.REDIS_URL:
        raise LaunchError(
            f"WEB_CONCURRENCY={count}: several processes need Redis to know of each other. "
            "Set REDIS_URL, or leave WEB_CONCURRENCY out."
        )
    return count


def find_notice() -> str:
    """Return what to say of a setting that has no effect."""
    if env.string("REDIS_URL") and not settings.REDIS_URL:
        return "REDIS_URL is not used: one process serves on SQLite. Several need PostgreSQL."
    return ""


def check_redis() -> None:
    """Raises LaunchError where Redis is needed and can't be used, or belongs to another site."""
    if not is_configured():
        return
    from redis import RedisError

    from chatsite.redis import client

    redis, key = client.get_client(), client.make_key(NAME)
    fingerprint = hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest()[:16].encode()
    try:
        known = redis.set(key, fingerprint, ex=KEPT, nx=True, get=True)
        if known == fingerprint:
            redis.expire(key, KEPT)
    except (RedisError, ValueError) as error:
        raise LaunchError(
            f"Redis can't be used: {error}. Start it, or check REDIS_URL, which looks like "
            "redis://:password@host:6379/0."
        ) from error
    finally:
        client.close_client()
    if known not in (None, fingerprint):
        raise LaunchError(
            "Another server uses the same REDIS_URL with another SECRET_KEY: give all servers of "
            "one site the same SECRET_KEY, and each site a database of Redis of its own."
        )

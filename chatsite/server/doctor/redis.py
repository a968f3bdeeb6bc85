"""Redis: whether it answers, is new enough, and keeps what it is given."""

from collections.abc import Iterator
from typing import Any

from chatsite.redis.link import is_configured
from chatsite.server.doctor.findings import Finding, not_checked, ok, wrong
from chatsite.server.startup.several import find_notice

LEAST_VERSION = (6, 2)
KEEPS_ALL = "noeviction"


def check_redis() -> Iterator[Finding]:
    if not is_configured():
        yield not_checked(find_notice() or "REDIS_URL is not set: one process serves")
        return
    from redis import RedisError

    from chatsite.redis.client import make_client

    try:
        redis = make_client()
    except ValueError:
        # Whose words quote the address, password and all.
        yield wrong("REDIS_URL can't be read", "It looks like redis://:password@host:6379/0.")
        return
    try:
        redis.ping()
        told: dict[str, Any] = redis.info()
    except RedisError as error:
        yield wrong(f"it can't be used: {error}", "Start it, or check REDIS_URL.")
        return
    finally:
        redis.close()
    yield from judge_server(told)


def judge_server(told: dict[str, Any]) -> Iterator[Finding]:
    name = "Valkey" if told.get("server_name") == "valkey" else "Redis"
    version = str(told.get("valkey_version") or told.get("redis_version", ""))
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < LEAST_VERSION:
        yield wrong(f"{name} {version} is too old", "Use Redis 6.2 or newer, or Valkey.")
    else:
        yield ok(f"{name} {version} answers")
    policy = told.get("maxmemory_policy", KEEPS_ALL)
    if told.get("maxmemory") and policy != KEEPS_ALL:
        yield wrong(
            f"when its memory is full it throws away what the site still needs ({policy})",
            f"CONFIG SET maxmemory-policy {KEEPS_ALL}, and the same in its configuration.",
        )

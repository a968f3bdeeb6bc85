"""Redis: what is asked of it, and what it may be like."""

from typing import Any

import pytest
from pytest_django import Settings

from chatsite.redis import client
from chatsite.server.doctor.findings import Status
from chatsite.server.doctor.redis import check_redis, judge_server
from tests.e2e.site import free_port


def test_one_that_answers_is_right(redis: None) -> None:
    assert next(check_redis()).status is Status.OK


@pytest.mark.parametrize(
    ("told", "statuses"),
    [
        ({"redis_version": "6.2.0"}, [Status.OK]),
        ({"redis_version": "6.0.16"}, [Status.WRONG]),
        (
            {"redis_version": "7.2.4", "server_name": "valkey", "valkey_version": "8.1.1"},
            [Status.OK],
        ),
        (
            {"redis_version": "7.0", "maxmemory": 1, "maxmemory_policy": "allkeys-lru"},
            [Status.OK, Status.WRONG],
        ),
        ({"redis_version": "7.0", "maxmemory": 1, "maxmemory_policy": "noeviction"}, [Status.OK]),
        ({"redis_version": "7.0", "maxmemory": 0, "maxmemory_policy": "allkeys-lru"}, [Status.OK]),
    ],
)
def test_its_version_and_what_it_throws_away(told: dict[str, Any], statuses: list[Status]) -> None:
    assert [finding.status for finding in judge_server(told)] == statuses


@pytest.mark.parametrize("address", ["127.0.0.1:{port}/0", "127.0.0.1:secret@{port}/0"])
def test_one_that_can_not_be_used_is_told_without_the_password(
    settings: Settings, address: str
) -> None:
    client.close_client()
    settings.REDIS_URL = f"redis://:secret@{address.format(port=free_port())}"
    (found,) = check_redis()
    assert found.status is Status.WRONG
    assert "secret" not in found.meaning

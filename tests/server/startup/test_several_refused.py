"""What keeps several processes from starting: they need PostgreSQL, Redis, and the same secret."""

from pathlib import Path

import pytest
from pytest_django import Settings

from chatsite.redis import client
from tests.server.startup.test_refusals import refusal

# Never asked: what is wrong is said before.
POSTGRESQL = "postgresql://chat@127.0.0.1:9/chat"
NOBODY = "redis://127.0.0.1:9/0"


def test_several_processes_need_postgresql(tmp_path: Path) -> None:
    assert "several processes need PostgreSQL" in refusal(tmp_path, WEB_CONCURRENCY="2")


def test_several_processes_need_redis(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, WEB_CONCURRENCY="2", DATABASE_URL=POSTGRESQL)
    assert "several processes need Redis" in sentence


@pytest.mark.parametrize("arguments", ["--workers=2", "-w 2", "--log-level debug --workers 4"])
def test_gunicorn_is_not_told_their_number(tmp_path: Path, arguments: str) -> None:
    sentence = refusal(tmp_path, GUNICORN_CMD_ARGS=arguments)
    assert "Set WEB_CONCURRENCY instead" in sentence


def test_a_redis_that_is_away_is_named(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, DATABASE_URL=POSTGRESQL, REDIS_URL=NOBODY)
    assert sentence.startswith("Redis can't be used:")


def test_an_address_that_is_none_of_redis(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, DATABASE_URL=POSTGRESQL, REDIS_URL="localhost:6379")
    assert "REDIS_URL must look like redis://" in sentence


def test_servers_of_one_site_share_their_secret(
    tmp_path: Path, redis: None, settings: Settings
) -> None:
    client.get_client().set(client.make_key("fingerprint"), b"of another")
    sentence = refusal(
        tmp_path,
        DATABASE_URL=POSTGRESQL,
        REDIS_URL=settings.REDIS_URL,
        REDIS_PREFIX=settings.REDIS_PREFIX,
    )
    assert "the same SECRET_KEY" in sentence

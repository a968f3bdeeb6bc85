"""A server that is started where PostgreSQL has too many clients."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.server.startup.postgresql import LimitedRole, limited_role, own_database
from tests.server.startup.test_refusals import refusal

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")


@pytest.fixture
def role(django_db_setup: None) -> Iterator[LimitedRole]:
    with limited_role("few") as role:
        yield role


@pytest.fixture
def url(role: LimitedRole) -> Iterator[str]:
    with own_database("few") as url:
        yield role.of(url)


# A start takes up to three at a time: its own, that of who migrates, and that of the lock.
@pytest.mark.parametrize("connections", [0, 1, 2])
def test_it_is_refused_with_a_sentence_however_many_connections_it_gets(
    role: LimitedRole, url: str, tmp_path: Path, connections: int
) -> None:
    role.limit(connections)
    sentence = refusal(tmp_path, DATABASE_URL=url)
    assert "The database can't be reached: " in sentence
    assert "too many connections" in sentence

"""`DATABASE_URL`, read."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from chatsite.databases.configuration import from_url

DEFAULT = Path("/data/db.sqlite3")


def test_no_url_is_sqlite_in_the_data_folder() -> None:
    database = from_url("", DEFAULT)
    assert database["ENGINE"] == "chatsite.databases.sqlite"
    assert database["NAME"] == "/data/db.sqlite3"


def test_sqlite_takes_the_write_lock_first() -> None:
    options = from_url("", DEFAULT)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


def test_sqlite_can_be_elsewhere() -> None:
    assert from_url("sqlite:////srv/chat.sqlite3", DEFAULT)["NAME"] == "/srv/chat.sqlite3"


def test_postgresql_is_read_with_its_password() -> None:
    database = from_url("postgresql://chat:p%40ss@db.example.com:5433/chat", DEFAULT)
    assert database["ENGINE"] == "chatsite.databases.postgresql"
    assert (database["USER"], database["PASSWORD"]) == ("chat", "p@ss")
    assert (database["HOST"], database["PORT"]) == ("db.example.com", 5433)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_keeps_a_pool_of_connections(scheme: str) -> None:
    database = from_url(f"{scheme}://localhost/chat", DEFAULT)
    assert database["OPTIONS"]["pool"]["max_size"] == 20
    # A pool and connections that last are two answers to one question.
    assert database["CONN_MAX_AGE"] == 0
    assert database["CONN_HEALTH_CHECKS"]


def test_a_process_keeps_no_more_connections_than_it_is_told() -> None:
    database = from_url("postgresql://localhost/chat", DEFAULT, 7)
    assert database["OPTIONS"]["pool"]["max_size"] == 7


def test_options_of_the_url_are_kept() -> None:
    options = from_url("postgresql://localhost/chat?sslmode=require", DEFAULT)["OPTIONS"]
    assert options["sslmode"] == "require"
    assert "pool" in options


@pytest.mark.parametrize("url", ["nonsense", "what://localhost/chat", "postgresql://db:port/chat"])
def test_a_url_that_cannot_be_read_is_refused_with_examples(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="It looks like postgresql://"):
        from_url(url, DEFAULT)


def test_a_refusal_does_not_repeat_the_password() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        from_url("what://chat:hunter2@localhost/chat", DEFAULT)
    assert "hunter2" not in str(refused.value)
    assert refused.value.__suppress_context__


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="PostgreSQL or an SQLite"):
        from_url("mysql://localhost/chat", DEFAULT)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite")
def test_sqlite_checks_foreign_keys_and_syncs_seldom() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (1,)
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)

"""`/livez/`, `/readyz/` and its older name `/healthz/`."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from chatsite.server import health
from chatsite.server.readiness import Finding, Readiness
from tests.server.outages import locked_database

READY = ["/readyz/", "/healthz/"]


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an earlier test found counts for a second."""
    monkeypatch.setattr(health, "readiness", Readiness())


def test_a_live_process_answers_without_its_database(
    alice_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = alice_client.get("/livez/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/livez/", "/livez"])
def test_whoever_asks_is_answered_by_whatever_name(client: Client, path: str) -> None:
    response = client.get(path, headers={"Host": "10.0.0.7"})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", READY)
def test_a_site_that_works_is_ready(client: Client, path: str) -> None:
    response = client.get(path)
    assert [check for check in response.json()["checks"].items() if not check[1]["ok"]] == []
    assert (response.status_code, response.json()["status"]) == (200, "ok")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite: one writer")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", READY)
def test_a_site_that_can_not_write_is_not_ready(client: Client, path: str) -> None:
    with locked_database():
        response = client.get(path)
    assert (response.status_code, response.json()["status"]) == (503, "error")
    assert response.json()["checks"]["database"]["ok"] is False


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_is_missing_is_told(unapplied: None) -> None:
    assert Readiness().report()["migrations"] == Finding("1 not applied")


@pytest.fixture
def unapplied() -> Iterator[None]:
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("conversations", "0001_initial")
    yield
    recorder.record_applied("conversations", "0001_initial")


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_is_nearly_full_is_told(settings: Settings) -> None:
    # The kernel's own file systems have no free space.
    settings.DATA_DIR = Path("/proc")
    assert Readiness().report()["free_space"].problem == "less than 16 MB free"


def test_a_check_that_hangs_is_not_waited_for() -> None:
    never = threading.Event()
    report = Readiness({"database": lambda: Finding(str(never.wait(60)))}).report()
    never.set()
    assert report == {"database": Finding("no answer within 1.5 seconds")}


def test_who_asks_while_it_hangs_begins_no_other_check() -> None:
    never, begun = threading.Event(), []

    def hang() -> Finding:
        begun.append(1)
        return Finding(str(never.wait(60)))

    readiness = Readiness({"database": hang})
    reports = [readiness.report() for _ in range(3)]
    never.set()
    assert reports[0] == reports[2]
    assert len(begun) == 1

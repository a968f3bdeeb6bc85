"""Two servers on one database, each with a data folder of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from chatsite.databases.postgresql.advisory_locks import Lock
from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import ROOT, Site
from tests.server.startup.postgresql import own_database
from tests.server.startup.test_refusals import refusal
from tests.server.startup.visitor import TIMEOUT, Visitor
from tests.waiting import wait_until

pytestmark = pytest.mark.each_database
TAKEN = "Another server is running on this database."
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")


@pytest.fixture
def url(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Of an empty database."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/shared.sqlite3"
        return
    request.getfixturevalue("django_db_setup")
    with own_database() as url:
        yield url


@pytest.fixture
def site(url: str, tmp_path: Path) -> Iterator[tuple[Site, OfflineModel]]:
    (folder := tmp_path / "first").mkdir()
    with OfflineModel() as model, Site(folder, model.base_url, DATABASE_URL=url) as site:
        site.manage("migrate", "--verbosity=0")
        site.make_users()
        site.start()
        yield site, model


def test_the_second_is_refused_and_leaves_the_firsts_replies_alone(
    site: tuple[Site, OfflineModel], url: str, tmp_path: Path
) -> None:
    server, model = site
    (gate := Gate()).release(2)
    model.script(Fault(text="One two three four.", gate=gate))
    visitor = Visitor(server)
    path = visitor.send("Hello")
    model.wait_for_request()
    assert TAKEN in refusal(tmp_path / "second", DATABASE_URL=url)
    gate.open()
    visitor.wait_for_reply(path, "complete")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_once_the_first_is_gone_the_second_starts(
    site: tuple[Site, OfflineModel], url: str, tmp_path: Path, number: signal.Signals
) -> None:
    site[0].stop(number)
    (folder := tmp_path / "second").mkdir()
    second = Site(folder, site[1].base_url, DATABASE_URL=url)
    second.start()
    second.stop()


@on_postgresql
def test_of_two_first_starts_one_waits_and_is_then_refused(url: str, tmp_path: Path) -> None:
    sites = [Site(tmp_path / name, "http://127.0.0.1:9/v1", DATABASE_URL=url) for name in "ab"]
    processes = [started(site) for site in sites]
    wait_until(lambda: any(site.answers() for site in sites), "an answer of one of them", 180)
    wait_until(lambda: any(p.poll() is not None for p in processes), "the end of one of them", 180)
    [refused] = [process for process in processes if process.poll() is not None]
    [serving] = [process for process in processes if process.poll() is None]
    assert TAKEN in refused.communicate()[0]
    serving.terminate()
    assert "Traceback" not in serving.communicate(timeout=60)[0]


def started(site: Site) -> subprocess.Popen[str]:
    site.data_dir.mkdir()
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=site.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


HOLDER = """
SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@on_postgresql
def test_a_lock_that_is_lost_is_taken_again(
    site: tuple[Site, OfflineModel], url: str, tmp_path: Path
) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        [(first,)] = session.execute(HOLDER).fetchall()
        session.execute("SELECT pg_terminate_backend(%s)", [first])
        wait_until(
            lambda: session.execute(HOLDER).fetchall() not in ([], [(first,)]),
            "another holder",
            TIMEOUT,
        )
    assert TAKEN in refusal(tmp_path / "second", DATABASE_URL=url)
    assert Visitor(site[0]).get("/").status_code == 200


@on_postgresql
def test_a_server_whose_database_was_taken_over_stops(
    site: tuple[Site, OfflineModel], url: str
) -> None:
    server, _ = site
    with psycopg.connect(url, autocommit=True) as session:
        # Waits in line for it, and so has it as soon as it is free.
        [(first,)] = session.execute(HOLDER).fetchall()
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [first])
            session.execute("SELECT pg_advisory_lock(%s::bigint)", [int(Lock.SERVER)])
        assert server.process
        assert server.process.wait(60) == 0
    assert "Another server has taken over the database" in server.read_log()

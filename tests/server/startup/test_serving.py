"""`manage.py serve` when all is well: what it says, and how it ends."""

import os
import select
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.e2e.site import ROOT, Site
from tests.server.startup.conftest import is_running

# Loaded before gevent has replaced the blocking calls, these would block the whole server.
PATCHED_FIRST = {"django", "requests", "urllib3", "psycopg"}


def test_the_terminal_shows_where_to_go_and_what_replies(running: Site) -> None:
    log = running.read_log()
    assert f"\nhttp://localhost:{running.port}\n" in log
    assert f"Create one: http://localhost:{running.port}/setup/?token=" in log
    assert "the offline model, because AIMLAPI_API_KEY is not set" in log


def test_nothing_warns_at_start(running: Site) -> None:
    assert "Warning" not in running.read_log()


def test_a_second_start_prepares_nothing_again(tmp_path: Path) -> None:
    site = Site(tmp_path, "", AIMLAPI_API_KEY="")
    site.collects = True
    for _ in range(2):
        site.start()
        site.stop()
    log = site.read_log()
    assert log.count(f"\nhttp://localhost:{site.port}\n") > 1
    assert log.count("Collecting static files") == log.count("Preparing the database") == 1


def test_a_start_makes_the_triggers_that_are_missing(tmp_path: Path) -> None:
    site = Site(tmp_path, "", AIMLAPI_API_KEY="")
    site.manage("migrate")
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database, database:
        database.execute("DROP TRIGGER review_log_delete")
    site.manage(
        "shell",
        "-c",
        "from chatsite.server.startup import database; database.bring_up_to_date(print)",
    )
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert ("review_log_delete",) in found


def test_a_public_address_is_what_the_terminal_shows(running: Site, tmp_path: Path) -> None:
    running.stop()
    environment = running.environment | {"PUBLIC_URL": "https://chat.example.com"}
    with subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "https://chat.example.com\n"
        assert "https://chat.example.com/setup/?token=" in process.stdout.readline()
        process.terminate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_in_order(running: Site, number: signal.Signals) -> None:
    running.stop(number)
    assert running.process
    assert running.process.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="Only on Linux can a child tell")
def test_what_it_started_dies_with_it_even_when_killed(running: Site) -> None:
    assert running.process
    pid = running.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert len(children) == 2  # the worker and the offline model
    handles = [os.pidfd_open(int(child)) for child in children]
    running.stop(signal.SIGKILL)
    for handle in handles:
        assert select.select([handle], [], [], 10)[0]
        os.close(handle)


@pytest.mark.skipif(sys.platform != "linux", reason="Only on Linux can a child tell")
def test_it_can_die_with_the_command_that_started_it(running: Site) -> None:
    running.stop()
    script = '"$0" manage.py serve --die-with-parent & echo $!; wait'
    with subprocess.Popen(
        ["sh", "-c", script, sys.executable],
        cwd=ROOT,
        env=running.environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout
        server = os.pidfd_open(int(parent.stdout.readline()))
        assert parent.stdout.readline().startswith("http")
        parent.kill()
    assert select.select([server], [], [], 10)[0]
    os.close(server)


def test_nobody_else_can_read_the_database(running: Site) -> None:
    assert (running.data_dir / "db.sqlite3").stat().st_mode & 0o077 == 0


def test_it_starts_again_right_after_it_was_killed(running: Site) -> None:
    running.stop(signal.SIGKILL)
    running.start()
    assert running.answers()


def test_threads_serve_too(running: Site) -> None:
    running.stop()
    site = Site(running.data_dir, "http://127.0.0.1:9/v1", WORKER_CLASS="gthread")
    site.start()
    assert site.answers()
    site.stop()
    assert site.process
    assert site.process.returncode == 0


def test_huge_headers_are_refused(running: Site) -> None:
    response = requests.get(f"{running.url}/healthz/", headers={"X": "x" * 20_000}, timeout=10)
    assert response.status_code == 431


def test_only_the_machine_itself_is_served(running: Site) -> None:
    listening = Path("/proc/net/tcp").read_text()
    assert f"0100007F:{running.port:04X}" in listening
    assert f"00000000:{running.port:04X}" not in listening


def test_the_main_process_stays_small() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import chatsite.server.gunicorn_conf, sys; print(*sys.modules)"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert not PATCHED_FIRST & set(loaded)


def test_stopped_means_stopped(running: Site) -> None:
    running.stop()
    assert not is_running(running)
    assert not running.answers()

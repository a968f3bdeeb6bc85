"""What keeps `manage.py serve` from starting: one sentence each, and an exit code."""

import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.site import ROOT, Site, free_port
from tests.server.outages import locked_database


def refusal(data_dir: Path, **environment: str) -> str:
    """The one sentence that a start ends with."""
    result = subprocess.run(
        [*unprivileged(), sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=Site(data_dir, "", AIMLAPI_API_KEY="", **environment).environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr.strip()


def unprivileged() -> list[str]:
    """To root every file is writable; without this capability it isn't to root either."""
    return ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        sentence = refusal(tmp_path, PORT=str(port))
    assert sentence.startswith(f"Port {port} is already in use.")
    assert f"PORT={port + 1}" in sentence


def test_a_data_folder_of_another_server_is_left_alone(running: Site) -> None:
    assert "Another server is running on the data folder" in refusal(running.data_dir)


def make_database(data_dir: Path, *statements: str) -> None:
    with closing(sqlite3.connect(data_dir / "db.sqlite3")) as database, database:
        # As the site leaves it.
        database.execute("PRAGMA journal_mode=WAL")
        for statement in statements:
            database.execute(statement)


@pytest.mark.parametrize("secret_key", ["", "x" * 50])
def test_a_data_folder_that_is_a_file(tmp_path: Path, secret_key: str) -> None:
    (tmp_path / "var").touch()
    assert str(tmp_path / "var") in refusal(tmp_path / "var", SECRET_KEY=secret_key)


def test_a_data_folder_that_nobody_may_write_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert f"{tmp_path} can't be used" in refusal(tmp_path, SECRET_KEY="x" * 50)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "70000"),
        ("HOST", "no.such.host.invalid"),
        ("DATABASE_URL", "nonsense"),
        ("WORKER_CLASS", "nonsense"),
        ("PUBLIC_URL", "chat.example.com"),
        ("S3_BUCKET", "s3://chat-files"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    assert name in refusal(tmp_path, **{name: value})


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    sentence = refusal(tmp_path, DATABASE_URL=f"postgresql://me:pw@127.0.0.1:{free_port()}/chat")
    assert "can't be reached" in sentence
    assert "pw" not in sentence


def test_a_database_file_that_is_read_only(tmp_path: Path) -> None:
    make_database(tmp_path, "CREATE TABLE something (id INTEGER)")
    (tmp_path / "db.sqlite3").chmod(0o400)
    assert "The database can't be written: read-only." in refusal(tmp_path)


def test_a_database_in_a_folder_that_is_read_only(tmp_path: Path) -> None:
    folder = tmp_path / "databases"
    folder.mkdir()
    make_database(folder, "CREATE TABLE something (id INTEGER)")
    folder.chmod(0o500)
    sentence = refusal(tmp_path, DATABASE_URL=f"sqlite:///{folder}/db.sqlite3")
    assert "The database can't be" in sentence


def test_a_database_that_another_program_is_writing_to(tmp_path: Path) -> None:
    make_database(tmp_path, "CREATE TABLE something (id INTEGER)")
    with locked_database(tmp_path / "db.sqlite3"):
        sentence = refusal(tmp_path)
    assert "The database can't be written: locked by another process." in sentence


def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    make_database(
        tmp_path,
        "CREATE TABLE django_migrations (id INTEGER, app, name, applied DATETIME)",
        "INSERT INTO django_migrations VALUES (1, 'conversations', '9999_x', '2026-01-01')",
    )
    assert "newer version (conversations.9999_x)" in refusal(tmp_path)


def test_a_migration_that_fails(tmp_path: Path) -> None:
    make_database(tmp_path, "CREATE TABLE accounts_user (id INTEGER)")
    assert "could not be migrated" in refusal(tmp_path)


def test_a_refused_start_leaves_nothing_running(tmp_path: Path) -> None:
    """The offline model is started early; a start that fails later must end it."""
    make_database(tmp_path, "CREATE TABLE accounts_user (id INTEGER)")
    site = Site(tmp_path, "", AIMLAPI_API_KEY="")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=site.environment,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    # Until the last holder of this pipe is gone.
    process.communicate(timeout=60)
    assert process.returncode == 1

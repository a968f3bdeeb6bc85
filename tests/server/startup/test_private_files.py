"""What people wrote, and the key that signs their sessions, is for no other user of the machine."""

import stat
from pathlib import Path

import pytest

from chatsite.server.startup.data_dir import keep_private
from tests.e2e.site import Site

NAMES = ["db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "secret_key"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_command_makes_a_database_that_only_its_user_can_read(tmp_path: Path) -> None:
    Site(tmp_path, "").manage("migrate", "conversations", "0001", "--verbosity=0")
    assert mode(tmp_path / "db.sqlite3") == 0o600
    assert mode(tmp_path / "secret_key") == 0o600


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", [0o644, 0o666, 0o640])
def test_what_others_could_read_is_taken_from_them(tmp_path: Path, name: str, before: int) -> None:
    path = tmp_path / name
    path.touch()
    path.chmod(before)
    keep_private(tmp_path, tmp_path / "db.sqlite3")
    assert mode(path) == 0o600


def test_a_start_mends_the_database_of_an_earlier_version(running: Site) -> None:
    running.stop()
    database = running.data_dir / "db.sqlite3"
    database.chmod(0o644)
    running.start()
    assert mode(database) == 0o600


def test_without_a_database_of_its_own_there_is_nothing_to_mend(tmp_path: Path) -> None:
    keep_private(tmp_path, None)
    assert not list(tmp_path.iterdir())

"""The copy of SQLite's database that is made before it is migrated."""

import stat
import subprocess
from pathlib import Path

import pytest

from chatsite.server.startup.snapshots import SnapshotError, require_room
from tests.e2e.site import Site
from tests.server.operations.contents import Rows, read_contents

OFF = {"SNAPSHOT_BEFORE_MIGRATIONS": "false"}


@pytest.fixture(scope="session")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site whose last migration of one app isn't applied."""
    site = Site(tmp_path_factory.mktemp("earlier"), "")
    site.manage("migrate", "--verbosity=0")
    assert list_snapshots(site) == []
    site.environment |= OFF
    site.manage("migrate", "--verbosity=0", "jobs", "0001")
    return site


@pytest.fixture
def site(earlier: Site, tmp_path: Path) -> Site:
    site = Site(tmp_path, "", AIMLAPI_API_KEY="")
    site.begin_as(earlier.data_dir)
    return site


def list_snapshots(site: Site) -> list[Path]:
    return sorted((site.data_dir / "snapshots").glob("*"))


def contents_of(path: Path) -> Rows:
    return read_contents(f"sqlite:///{path}")


def test_a_start_that_migrates_saves_the_database_first(site: Site) -> None:
    before = contents_of(site.data_dir / "db.sqlite3")
    with site:
        site.start()
        (saved,) = list_snapshots(site)
        assert f"saved to {saved} before it is migrated" in site.read_log()
    assert contents_of(saved) == before
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_one_that_finds_nothing_to_migrate_saves_nothing(site: Site) -> None:
    site.manage("migrate")
    site.manage("migrate")
    assert len(list_snapshots(site)) == 1


def test_the_latest_three_are_kept(site: Site) -> None:
    (folder := site.data_dir / "snapshots").mkdir()
    names = [f"before-0.{9 + year}.0-200{year}0101T000000Z.sqlite3" for year in range(4)]
    for name in names:
        (folder / name).touch()
    site.manage("migrate")
    kept = [path.name for path in list_snapshots(site)]
    assert len(kept) == 3
    assert set(names) & set(kept) == set(names[2:])


def test_none_is_made_where_that_is_switched_off(site: Site) -> None:
    site.environment |= OFF
    site.manage("migrate")
    assert list_snapshots(site) == []


def test_without_one_nothing_is_migrated(site: Site) -> None:
    (site.data_dir / "snapshots").write_text("No folder")
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        site.manage("serve")
    assert "SNAPSHOT_BEFORE_MIGRATIONS=false" in refusal.value.stderr
    assert refusal.value.stderr.count("\n") == 1
    assert "[ ] 0002" in site.manage("showmigrations", "jobs")


def test_a_disk_without_room_is_told_with_what_is_needed() -> None:
    # The kernel's own file systems have no free space.
    with pytest.raises(SnapshotError, match="116 MB are needed, 0 MB are free"):
        require_room(Path("/proc"), 100 * 1024 * 1024)

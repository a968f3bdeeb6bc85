"""A backup, restored: the site as it was, in another place."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.e2e.site import ROOT, Site
from tests.server.operations.conftest import ENDING, MakePlace, database_of, refused
from tests.server.operations.contents import read_contents, read_definitions, read_last_ids
from tests.server.startup.visitor import Visitor

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
# A search of their own.
FOUND = "/conversations/search/?q=everything+at+once"
SEARCH = """
from conversations.outbox import worker
from conversations.outbox.models import Change
from conversations.models import Conversation, Message
from conversations.review.triggers import missing_triggers
from tests.factories import add_message
from tests.search.searching import texts_with
print(len(texts_with("text")), missing_triggers(), Change.objects.count())
talk = Conversation.objects.get(title="Everything at once")
add_message(talk, role="user", text="Xylophones are wooden")
print(Change.objects.count() > 0)
worker.process_outbox()
print(texts_with("xylophones"))
"""


@pytest.fixture(scope="session")
def restored(place_of: MakePlace, backup: Path) -> Site:
    site = place_of("restored")
    site.manage("restore", str(backup))
    return site


@pytest.fixture(scope="session")
def spare(place_of: MakePlace, backup: Path) -> Site:
    """The same, for tests that write."""
    site = place_of("spare")
    site.manage("restore", str(backup))
    (site.data_dir / ENDING).unlink()
    return site


@pytest.fixture(scope="session")
def empty(place_of: MakePlace) -> Site:
    return place_of("empty")


def test_every_row_is_there(restored: Site, filled: Site) -> None:
    there, here = read_contents(database_of(filled)), read_contents(database_of(restored))
    assert there.keys() == here.keys()
    assert [table for table in there if there[table] != here[table]] == []
    assert there["conversations_message"]
    assert there["mfa_authenticator"]


def test_constraints_indexes_and_triggers_are_there(restored: Site, filled: Site) -> None:
    assert read_definitions(database_of(restored)) == read_definitions(database_of(filled))


def test_ids_of_deleted_rows_are_not_given_again(restored: Site, filled: Site) -> None:
    assert read_last_ids(database_of(restored)) == read_last_ids(database_of(filled))


def test_files_and_the_secret_key_are_there(restored: Site, filled: Site) -> None:
    for name in (ENDING, "files/ab/picture", "secret_key"):
        assert (restored.data_dir / name).read_text() == (filled.data_dir / name).read_text()


def test_search_finds_what_was_there_and_what_comes(place_of: MakePlace, backup: Path) -> None:
    site = place_of("searched")
    site.manage("restore", str(backup))
    found, is_noticed, later = site.manage("shell", "--no-imports", "-c", SEARCH).splitlines()
    # What was processed before isn't processed again.
    assert found == "1 set() 0"
    assert (is_noticed, later) == ("True", "['Xylophones are wooden']")


def test_the_site_starts_and_its_users_sign_in(spare: Site) -> None:
    spare.start()
    try:
        assert "1 result" in Visitor(spare).get(FOUND).text
        assert "Traceback" not in spare.read_log()
    finally:
        spare.stop()


def test_a_backup_goes_into_the_other_kind_of_database_and_back(
    place_of: MakePlace, backup: Path, filled: Site, tmp_path: Path
) -> None:
    if OTHER == "postgresql":
        pytest.skip("Only on PostgreSQL")
    across, back = place_of("across", OTHER), place_of("back")
    across.manage("restore", str(backup))
    across.manage("backup", str(tmp_path / "across.zip"))
    back.manage("restore", str(tmp_path / "across.zip"))
    assert read_contents(database_of(back)) == read_contents(database_of(filled))
    # SQLite counts ids that were chosen, too.
    assert read_last_ids(database_of(back)).items() >= read_last_ids(database_of(filled)).items()


def test_a_backup_made_while_others_write_is_whole(
    place_of: MakePlace, spare: Site, tmp_path: Path
) -> None:
    place = place_of("of_busy")
    with writing(spare):
        spare.manage("backup", str(tmp_path / "busy.zip"))
    # Each row is compared, and each reference checked.
    assert "Restored" in place.manage("restore", str(tmp_path / "busy.zip"))


def test_a_database_that_has_tables_is_left_alone(filled: Site, backup: Path) -> None:
    before = read_contents(database_of(filled))
    assert "only an empty one is filled" in refused(filled, "restore", str(backup))
    assert read_contents(database_of(filled)) == before


def test_a_damaged_backup_is_refused(empty: Site, backup: Path, tmp_path: Path) -> None:
    content = bytearray(backup.read_bytes())
    with zipfile.ZipFile(backup) as archive:
        tables = [info for info in archive.infolist() if info.filename.startswith("tables/")]
    largest = max(tables, key=lambda info: info.compress_size)
    content[largest.header_offset + largest.compress_size // 2 + 100] ^= 1
    (damaged := tmp_path / "damaged.zip").write_bytes(content)
    assert f"{damaged} is damaged" in refused(empty, "restore", str(damaged))
    assert not read_contents(database_of(empty))


def test_a_cut_backup_is_refused(empty: Site, backup: Path, tmp_path: Path) -> None:
    (cut := tmp_path / "cut.zip").write_bytes(backup.read_bytes()[:-200])
    assert f"{cut} can't be read as a backup" in refused(empty, "restore", str(cut))


def test_a_backup_of_a_newer_version_is_refused(empty: Site, backup: Path, tmp_path: Path) -> None:
    newer = rewritten(backup, tmp_path, '"0001_initial"', '"0099_later"')
    assert "is from a newer version" in refused(empty, "restore", str(newer))


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(
    place_of: MakePlace, tmp_path: Path
) -> None:
    earlier, later = place_of("earlier"), place_of("later")
    earlier.manage("migrate", "--verbosity=0")
    earlier.manage("migrate", "--verbosity=0", "jobs", "0001")
    earlier.manage("backup", str(tmp_path / "earlier.zip"))
    later.manage("restore", str(tmp_path / "earlier.zip"))
    later.manage("migrate", "--check")


def test_a_folder_with_a_running_server_is_left_alone(place_of: MakePlace, backup: Path) -> None:
    running = place_of("running")
    running.start()
    try:
        assert "Another server is running" in refused(running, "restore", str(backup))
    finally:
        running.stop()


def test_what_fails_in_the_middle_leaves_an_empty_database(
    empty: Site, backup: Path, tmp_path: Path
) -> None:
    other = rewritten(backup, tmp_path, '"rows": ', '"rows": 1')
    assert "holds other rows than it says" in refused(empty, "restore", str(other))
    assert not read_contents(database_of(empty))


@contextmanager
def writing(site: Site) -> Iterator[None]:
    """Within it, another process writes conversations."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", WRITE]
    with subprocess.Popen(
        command, cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        yield
        assert process.poll() is None
        process.terminate()


WRITE = """
from chatsite.accounts.models import User
from conversations.outbox import worker
from tests.factories import make_conversation
alice = User.objects.get(username="alice")
while True:
    make_conversation(alice, "Hello", "Hello to you.")
    worker.process_outbox()
    print("writing", flush=True)
"""


def rewritten(backup: Path, folder: Path, old: str, new: str) -> Path:
    """The same with something else in its manifest, as if it had been written so."""
    path = folder / "rewritten.zip"
    with zipfile.ZipFile(backup) as archive, zipfile.ZipFile(path, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "manifest.json":
                content = content.replace(old.encode(), new.encode())
                copy.comment = hashlib.sha256(content).hexdigest().encode()
            copy.writestr(name, content)
    return path

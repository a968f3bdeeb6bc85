"""What a backup holds, and what it lets nobody see."""

import json
import stat
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from chatsite.accounts.models import User
from chatsite.server.operations.sources import open_snapshot
from conversations.models import Conversation, Message
from tests.e2e.site import Site
from tests.factories import make_conversation
from tests.server.operations.conftest import ENDING, refused


def manifest_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return manifest


def test_only_its_owner_can_read_it(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_nothing_else_is_left_beside_it(backup: Path) -> None:
    assert list(backup.parent.iterdir()) == [backup]


def test_it_holds_the_files_and_the_secret_key(backup: Path, filled: Site) -> None:
    with zipfile.ZipFile(backup) as archive:
        assert archive.read(f"data/{ENDING}") == b"What is in it"
        assert archive.read("data/files/ab/picture") == b"What is in it"
        assert archive.read("secret_key").decode() == (filled.data_dir / "secret_key").read_text()


def test_of_secrets_it_says_only_that_they_are_set(backup: Path) -> None:
    settings = manifest_of(backup)["settings"]
    assert settings["METRICS_TOKEN"] == "(set)"
    assert "AIMLAPI_API_KEY" not in settings


def test_secrets_are_in_it_when_that_is_asked_for(filled: Site, tmp_path: Path) -> None:
    filled.manage("backup", str(tmp_path / "all.zip"), "--with-secrets")
    assert manifest_of(tmp_path / "all.zip")["settings"]["METRICS_TOKEN"] == "m" * 20


def test_the_secret_key_can_be_left_out(filled: Site, tmp_path: Path) -> None:
    filled.manage("backup", str(tmp_path / "without.zip"), "--without-secret-key")
    assert "secret_key" not in manifest_of(tmp_path / "without.zip")["members"]


def test_without_a_name_it_goes_to_the_data_folder(filled: Site) -> None:
    said = filled.manage("backup")
    assert str(filled.data_dir / "backups" / "chatsite-") in said


def test_a_file_that_is_there_stays(filled: Site, tmp_path: Path) -> None:
    (tmp_path / "old.zip").write_text("An older one")
    assert "is there already" in refused(filled, "backup", str(tmp_path / "old.zip"))
    assert (tmp_path / "old.zip").read_text() == "An older one"


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_in_no_part_of_it(alice: User) -> None:
    make_conversation(alice, "Hello", "Hello to you.")
    with open_snapshot() as snapshot:
        models = {model._meta.db_table: model for model in snapshot.models}
        conversations = list(snapshot.read(models[Conversation._meta.db_table]))
        writer = threading.Thread(target=write_another, args=[alice])
        writer.start()
        writer.join()
        messages = list(snapshot.read(models[Message._meta.db_table]))
    assert (len(conversations), len(messages)) == (1, 2)
    assert (Conversation.objects.count(), Message.objects.count()) == (2, 5)


def write_another(owner: User) -> None:
    make_conversation(owner, "And", "another", "one")
    connection.close()

"""Deleted text leaves the files of SQLite."""

import sqlite3
from pathlib import Path

import pytest
from django.db import connection, transaction

from chatsite.accounts.models import User
from chatsite.databases.sqlite import secure_vacuum
from conversations.services import conversations
from tests.databases.reading import reading
from tests.factories import make_conversation
from tests.traces import database_folder, files_with

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite"),
    pytest.mark.django_db(transaction=True),
]
SECRET = "quincunx"


def log() -> Path:
    return Path(f"{connection.settings_dict['NAME']}-wal")


def test_deleted_text_is_overwritten() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)


def test_the_log_is_emptied(alice: User) -> None:
    assert log().stat().st_size
    assert secure_vacuum.scrub_files()
    assert log().stat().st_size == 0


def test_a_deleted_conversation_is_gone_from_the_files_at_the_next_checkpoint(alice: User) -> None:
    conversation = make_conversation(alice, *[f"{SECRET} " * 800] * 50, title=SECRET)
    assert secure_vacuum.scrub_files()
    assert files_with(database_folder(), [SECRET])
    conversations.delete_conversation(conversation=conversation)
    secure_vacuum.scrub_if_due()
    assert files_with(database_folder(), [SECRET]) == set()


def test_nothing_is_done_unless_something_was_deleted(alice: User) -> None:
    secure_vacuum.scrub_if_due()
    secure_vacuum.scrub_if_due()
    User.objects.create_user("carl")
    size = log().stat().st_size
    secure_vacuum.scrub_if_due()
    assert log().stat().st_size == size > 0


def test_readers_are_not_waited_for_for_ever(alice: User) -> None:
    with reading():
        User.objects.create_user("carl")
        assert not secure_vacuum.scrub_files(timeout=0.1)
    secure_vacuum.scrub_if_due()
    assert log().stat().st_size == 0


def test_a_writer_is_not_waited_for_for_ever(alice: User) -> None:
    with transaction.atomic():
        User.objects.create_user("carl")
        assert not secure_vacuum.scrub_files(timeout=0)
    assert secure_vacuum.scrub_files()


def test_a_connection_that_is_idle_is_in_nobodys_way(alice: User) -> None:
    other = sqlite3.connect(str(connection.settings_dict["NAME"]))
    other.execute("SELECT * FROM accounts_user").fetchall()
    assert secure_vacuum.scrub_files()
    other.close()

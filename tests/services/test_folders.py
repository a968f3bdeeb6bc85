"""Folders: names, limits, moving and deleting; and what becomes of them elsewhere."""

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from conversations import queries
from conversations.folders import Folder
from conversations.models import Conversation
from conversations.services import deletion, folders
from conversations.services.conversations import delete_conversation
from tests.factories import make_conversation, make_folder


def put_into(folder: Folder, conversation: Conversation) -> None:
    folders.move_conversation(owner=folder.owner, conversation=conversation, folder_id=folder.pk)


def where(conversation: Conversation) -> str | None:
    conversation.refresh_from_db()
    return conversation.folder.name if conversation.folder else None


def test_a_folder_has_one_line_of_visible_name(alice: User) -> None:
    assert make_folder(alice, "  Trips\n2026\u200b ").name == "Trips 2026"


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "x" * 61])
def test_a_name_that_is_none_or_too_long_is_refused(alice: User, name: str) -> None:
    with pytest.raises(folders.InvalidFolderError):
        make_folder(alice, name)


@pytest.mark.parametrize("name", ["straße", "STRASSE", "Stra\u00dfe"])
def test_a_name_is_given_once_however_it_is_typed(alice: User, name: str) -> None:
    make_folder(alice, "Straße")
    with pytest.raises(folders.InvalidFolderError, match="already"):
        make_folder(alice, name)


def test_others_may_have_a_folder_of_the_same_name(alice: User, bob: User) -> None:
    make_folder(alice)
    assert make_folder(bob).name == "Work"


def test_a_folder_may_keep_its_name_when_its_color_changes(alice: User) -> None:
    folder = make_folder(alice)
    folders.edit_folder(owner=alice, folder_id=folder.pk, name="work", color="pink")
    folder.refresh_from_db()
    assert (folder.name, folder.color) == ("work", "pink")


def test_a_color_that_is_none_changes_nothing(alice: User) -> None:
    folder = make_folder(alice)
    edited = folders.edit_folder(owner=alice, folder_id=folder.pk, name="Work", color="x" * 99)
    assert edited.color == folder.color


def test_one_folder_too_many_is_refused(alice: User) -> None:
    Folder.objects.bulk_create(
        Folder(owner=alice, name=f"Folder {number}", folded_name=f"folder {number}")
        for number in range(folders.MAX_FOLDERS)
    )
    with pytest.raises(folders.TooManyFoldersError, match="at most 100 folders"):
        make_folder(alice)


def test_a_new_folder_of_a_name_that_is_there_is_that_one(alice: User) -> None:
    folder = make_folder(alice)
    assert folders.find_or_create_folder(owner=alice, name="WORK") == folder


def test_somebody_else_s_folder_takes_nothing(conversation: Conversation, bob: User) -> None:
    folder = make_folder(bob)
    assert conversation.owner
    with pytest.raises(Http404):
        folders.move_conversation(
            owner=conversation.owner, conversation=conversation, folder_id=folder.pk
        )
    assert where(conversation) is None


def test_what_is_in_a_folder_is_listed_there_alone(alice: User, conversation: Conversation) -> None:
    folder = make_folder(alice)
    put_into(folder, conversation)
    assert list(queries.list_conversations(alice).rows) == []
    assert list(queries.list_conversations_in(folder).rows) == [conversation]


def test_deleting_a_folder_keeps_what_is_in_it(alice: User, conversation: Conversation) -> None:
    folder = make_folder(alice)
    put_into(folder, conversation)
    archived = make_conversation(alice, title="Old")
    Conversation.objects.filter(pk=archived.pk).update(archived=True, folder=folder)
    assert folders.delete_folder(owner=alice, folder_id=folder.pk) == ("Work", 2)
    assert where(conversation) is None
    assert list(queries.list_conversations(alice).rows) == [conversation]


def test_what_comes_back_after_its_folder_was_deleted_is_in_none(
    alice: User, conversation: Conversation
) -> None:
    folder = make_folder(alice)
    put_into(folder, conversation)
    deletion.mark_deleted(conversation=conversation)
    assert folders.delete_folder(owner=alice, folder_id=folder.pk) == ("Work", 0)
    deletion.restore_conversation(owner=alice, conversation_id=conversation.pk)
    assert where(conversation) is None


def test_what_is_held_leaves_its_folder_with_its_owner(
    alice: User, conversation: Conversation
) -> None:
    put_into(make_folder(alice), conversation)
    Conversation.objects.filter(pk=conversation.pk).update(is_held=True)
    delete_conversation(conversation=conversation)
    conversation.refresh_from_db()
    assert (conversation.owner, conversation.folder) == (None, None)


@pytest.mark.parametrize("is_held", [False, True])
def test_an_account_that_is_deleted_takes_its_folders_along(
    alice: User, conversation: Conversation, is_held: bool
) -> None:
    put_into(make_folder(alice), conversation)
    Conversation.objects.filter(pk=conversation.pk).update(is_held=is_held)
    erase_user(user=alice)
    assert not Folder.objects.exists()
    assert Conversation.objects.count() == is_held


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite: plans without data")
def test_a_page_of_a_folder_is_read_by_its_index(alice: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        queries.list_conversations_in(make_folder(alice))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[-1]['sql']}")
        (plan,) = cursor.fetchall()
    assert "INDEX conversation_in_folder" in plan[-1]

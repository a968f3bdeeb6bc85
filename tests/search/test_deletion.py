"""What is deleted is found no more, and has left the indexes."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from chatsite.databases.sqlite import secure_vacuum
from conversations.models import Conversation, Message
from conversations.outbox import worker
from conversations.search import compaction, indexing, matching
from conversations.search.models import Cleaning, MessageDocument, TitleDocument
from conversations.services import conversations
from tests.factories import make_conversation, owner_of
from tests.search.searching import say, texts_with
from tests.traces import database_folder, files_with

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite")
# Letters that nothing else has: each of its trigrams is itself a trace.
SECRET = "ꙁꙃꙅꙇꙉ"
PIECES = ["ꙃꙅ", "ꙅꙇ", "ꙇꙉ"]


def by_service(conversation: Conversation) -> None:
    conversations.delete_conversation(conversation=conversation)


def by_erasure(conversation: Conversation) -> None:
    erase_user(user=owner_of(conversation))


def by_sql(conversation: Conversation) -> None:
    tables = ["review_titledocument", "review_review", "conversations_message"]
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table} WHERE conversation_id = %s", [conversation.pk.hex])  # noqa: S608
        cursor.execute(
            "DELETE FROM conversations_conversation WHERE id = %s", [conversation.pk.hex]
        )


WAYS = [by_service, by_erasure, by_sql]


@pytest.mark.parametrize("delete", WAYS)
def test_what_is_deleted_is_found_no_more(
    alice: User, bob: User, delete: Callable[[Conversation], None]
) -> None:
    conversation = say(alice, f"A {SECRET} word", f"Of {SECRET}.", title=SECRET)
    delete(conversation)
    assert not MessageDocument.objects.exists()
    assert not TitleDocument.objects.exists()
    for query in (SECRET, SECRET[:2], SECRET[0]):
        assert texts_with(query) == []
        assert not matching.match_titles(query)
    say(bob, "Something else.")
    assert texts_with("some") == ["Something else."]


def test_a_message_deleted_meanwhile_leaves_no_document(conversation: Conversation) -> None:
    messages = list(conversation.messages.all())
    made = indexing.build_documents(messages)
    Conversation.objects.filter(pk=conversation.pk).update(leaf=None)
    Message.objects.filter(pk__in=[message.pk for message in messages])._raw_delete("default")
    indexing.save_documents(made, messages)
    assert not MessageDocument.objects.exists()


def test_a_document_is_replaced_whole(conversation: Conversation) -> None:
    worker.process_outbox()
    Message.objects.filter(role="user").update(text="Goodbye")
    messages = list(conversation.messages.all())
    indexing.save_documents(indexing.build_documents(messages), messages)
    assert MessageDocument.objects.count() == 2
    assert texts_with("goodbye") == ["Goodbye"]
    assert texts_with("hello") == ["Hello to you."]


@pytest.mark.parametrize("text", ["a long text, " * 40_000, "長文" * 250_000, "x" * 500_000])
def test_a_very_long_text_is_taken_and_goes(alice: User, text: str) -> None:
    conversation = say(alice, text + "needle")
    assert len(texts_with("needle")) == len(texts_with("ed")) == 1
    conversations.delete_conversation(conversation=conversation)
    assert texts_with("needle") == []


def test_every_character_is_taken(alice: User) -> None:
    text = "".join(chr(code) for code in range(1, 0x3000) if not 0xD800 <= code < 0xE000)
    say(alice, text)
    assert len(texts_with("needle")) == 0
    assert len(texts_with("abc")) == 1


# SQLite's indexes.


def indexes_hold(pieces: list[str]) -> bool:
    """Whether the bytes of an index do, whatever the index itself says that it finds."""
    found = False
    for index in compaction.INDEXES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT block FROM {index}_data")  # noqa: S608
            blocks = [bytes(block) for (block,) in cursor.fetchall()]
        found |= any(piece.encode() in block for block in blocks for piece in pieces)
    return found


@on_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("delete", WAYS)
def test_deleted_text_leaves_the_indexes_and_the_files(
    alice: User, bob: User, delete: Callable[[Conversation], None]
) -> None:
    merge_whole()
    for number in range(20):
        say(bob, f"Something else, number {number}.")
    conversation = say(alice, f"A {SECRET} word", title=f"Of {SECRET}")
    say(bob, "Something else.")
    delete(conversation)
    assert secure_vacuum.scrub_files()
    assert indexes_hold(PIECES)
    assert files_with(database_folder(), PIECES)
    assert compaction.compact_indexes()
    assert not indexes_hold(PIECES)
    assert files_with(database_folder(), [SECRET, *PIECES]) == set()
    assert len(texts_with("something else")) == 21


def merge_whole() -> None:
    """When FTS5 merges by itself depends on what other tests have left in the indexes, also where
    the row that asks for a cleaning was emptied with their tables.
    """
    for index in compaction.INDEXES:
        compaction.merge_segments(index, -compaction.PAGES)
        while compaction.merge_segments(index, compaction.PAGES):
            pass


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_thread_cleans_bit_by_bit(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "STEPS", 1)
    conversation = say(alice, f"A {SECRET} word")
    say(alice, "Something else.")
    conversations.delete_conversation(conversation=conversation)
    compactor = compaction.IndexCompactor()
    rounds = 0
    while compaction.is_compaction_due():
        compactor.work()
        rounds += 1
    assert rounds > len(compaction.INDEXES)
    assert not indexes_hold(PIECES)
    assert secure_vacuum.scrub_files()
    assert files_with(database_folder(), PIECES) == set()


@on_sqlite
@pytest.mark.django_db
def test_nothing_is_cleaned_unless_something_was_deleted(alice: User) -> None:
    conversation = say(alice, "Hello")
    assert not compaction.is_compaction_due()
    conversation.delete()
    assert compaction.is_compaction_due()


@on_sqlite
@pytest.mark.django_db
def test_what_is_deleted_during_a_cleaning_asks_for_another(alice: User) -> None:
    first, second = say(alice, "Hello"), say(alice, "Hello")
    first.delete()
    steps = compaction.compact_in_steps()
    next(steps)
    second.delete()
    assert list(steps)
    assert compaction.is_compaction_due()


@on_sqlite
@pytest.mark.django_db
def test_a_title_that_was_changed_is_to_be_cleaned_away(alice: User) -> None:
    conversation = say(alice, "Hello", title=SECRET)
    Conversation.objects.filter(pk=conversation.pk).update(title="Something else")
    worker.process_outbox()
    assert Cleaning.objects.get().asked == 1
    assert list(compaction.compact_in_steps())
    assert not indexes_hold(PIECES)


@on_sqlite
@pytest.mark.django_db
def test_the_indexes_agree_with_the_documents(alice: User) -> None:
    kept, gone = say(alice, "Hello 北京", title="One"), make_conversation(alice, "Hello")
    worker.process_outbox()
    gone.delete()
    kept.messages.update(text="Goodbye 北京")
    messages = list(kept.messages.all())
    indexing.save_documents(indexing.build_documents(messages), messages)
    for index in compaction.INDEXES:
        with connection.cursor() as cursor:
            # Raises where they don't.
            cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608

"""The index knows whose a text is, from the first on or once its rows have been read again."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from chatsite.accounts.models import User
from conversations import own_search
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.search import compaction, own_matching, reindexing
from conversations.search.days import IdRange
from conversations.search.models import MessageDocument, TitleDocument
from conversations.search.normalizing import compute_bigrams
from conversations.search.owners import (
    MARK_LENGTH,
    NOBODY,
    compute_owner_gram,
    make_owner_mark,
    read_normalized,
)
from conversations.search.terms import parse_terms
from conversations.services.conversations import delete_conversation
from tests.search.searching import say, texts_with

QUERIES = ["harbour", "HARB", "ar", "港", "sail harbour", "sail 港", "h", "港口 to"]
TEXT = "We sail to the harbour, 港口"


def found_texts(user: User, query: str) -> list[str]:
    return [hit.message.text for hit in own_search.search_messages(user, query).rows]


def found_titles(user: User, query: str) -> list[str]:
    return [hit.conversation.title for hit in own_search.search_titles(user, query).rows]


def forget_owners(**which: object) -> None:
    """Rows as they were before the index knew owners."""
    for table in (MessageDocument, TitleDocument):
        for row in table.objects.filter(**which):
            row.folded = read_normalized(row.folded, row.owner_id)
            row.owner_id, row.grams = None, compute_bigrams(row.folded)
            row.save()


def learn_owners() -> None:
    while reindexing.add_owners():
        pass


@given(st.integers(0, 2**45 - 1), st.integers(0, 2**45 - 1))
def test_each_owner_has_a_mark_of_their_own(one: int, other: int) -> None:
    assert len(make_owner_mark(one)) == MARK_LENGTH
    assert (make_owner_mark(one) == make_owner_mark(other)) == (one == other)


@given(st.integers(0, 2**63 - 1))
def test_an_owners_number_is_none_of_a_bigram_and_fits_the_index(owner: int) -> None:
    assert 0xFFFFF < compute_owner_gram(owner) < 2**31


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("window", [1, 2, 4000])
def test_the_index_finds_an_owners_alone(
    alice: User, bob: User, query: str, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_matching, "WINDOW", window)
    own = say(alice, TEXT, "Adieu", TEXT)
    say(bob, TEXT, TEXT)
    ids = own_matching.list_own_ids(alice.pk, parse_terms(query), IdRange(), 10)
    expected = own.messages.filter(text=TEXT).order_by("-pk").values_list("pk", flat=True)
    assert ids == list(expected)


@pytest.mark.parametrize("query", QUERIES)
def test_messages_are_found_before_their_owners_are_known(
    alice: User, bob: User, query: str
) -> None:
    say(alice, TEXT, title="Old harbours")
    say(bob, TEXT)
    forget_owners()
    say(alice, f"{TEXT} again", title="New harbours")
    assert found_texts(alice, query) == [f"{TEXT} again", TEXT]
    assert set(found_titles(alice, "harbour")) == {"Old harbours", "New harbours"}


@pytest.mark.parametrize("query", QUERIES)
def test_messages_are_found_once_their_owners_are_known(
    alice: User, bob: User, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "STEP", 2)
    for owner in (alice, bob, alice):
        say(owner, TEXT, title="Harbours")
    forget_owners()
    assert not own_matching.knows_owners(MessageDocument)
    assert not own_matching.knows_owners(TitleDocument)
    learn_owners()
    assert own_matching.knows_owners(MessageDocument)
    assert own_matching.knows_owners(TitleDocument)
    assert found_texts(alice, query) == [TEXT, TEXT]
    assert found_titles(bob, "harbour") == ["Harbours"]
    assert len(texts_with(query)) == 3


def test_rows_are_the_same_learnt_late_and_written_anew(alice: User) -> None:
    say(alice, TEXT, title=TEXT)
    tables = (MessageDocument, TitleDocument)
    before = [list(table.objects.values_list("owner_id", "folded")) for table in tables]
    forget_owners()
    learn_owners()
    assert [list(table.objects.values_list("owner_id", "folded")) for table in tables] == before


def test_what_its_owner_deleted_under_hold_is_nobodys_and_found_by_review(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reindexing, "STEP", 2)
    held = say(alice, *[TEXT] * 5)
    Conversation.objects.filter(pk=held.pk).update(is_held=True)
    delete_conversation(conversation=held)
    assert found_texts(alice, "harbour") == []
    worker.process_outbox()
    owners = MessageDocument.objects.values_list("owner_id", flat=True)
    assert set(owners) == set(TitleDocument.objects.values_list("owner_id", flat=True)) == {NOBODY}
    assert own_matching.list_own_ids(alice.pk, ["harbour"], IdRange(), 10) == []
    assert len(texts_with("harbour")) == len(texts_with("港")) == 5


def test_deleted_ones_are_passed_over_however_many_they_are(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_search, "FIRST_CANDIDATES", 1)
    monkeypatch.setattr(own_search, "GROWTH", 2)
    say(alice, TEXT)
    deleted = say(alice, *[TEXT] * 9)
    Conversation.objects.filter(pk=deleted.pk).update(deleted_at=deleted.created_at)
    assert found_texts(alice, "harbour") == [TEXT]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite")
def test_the_indexes_agree_with_rows_that_have_learnt_their_owners(alice: User) -> None:
    say(alice, TEXT, title=TEXT)
    forget_owners()
    learn_owners()
    for index in compaction.INDEXES:
        with connection.cursor() as cursor:
            # Raises where they don't.
            cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608

"""Reads: scoped to the owner, a page at a time, in a constant number of queries."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from chatsite.accounts.models import User
from chatsite.core.pagination import InvalidCursorError
from conversations import queries
from conversations.models import Conversation, Message
from tests.factories import (
    add_pending_reply,
    make_conversation,
    make_long_conversation,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def texts(messages: object) -> list[str]:
    return [message.text for message in messages]  # type: ignore[attr-defined]


# Whose is it?


def test_an_owner_finds_a_conversation(alice: User, conversation: Conversation) -> None:
    assert queries.get_conversation(alice, conversation.pk) == conversation


@pytest.mark.parametrize("other", ["bob", "rita"])
def test_a_conversation_does_not_exist_for_others(
    conversation: Conversation, request: pytest.FixtureRequest, other: str
) -> None:
    with pytest.raises(Http404):
        queries.get_conversation(request.getfixturevalue(other), conversation.pk)


def test_a_conversation_that_never_was_does_not_exist(alice: User) -> None:
    with pytest.raises(Http404):
        queries.get_conversation(alice, uuid.uuid4())


def test_an_owner_finds_a_message_in_one_query(
    alice: User, conversation: Conversation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert conversation.leaf_id
    with django_assert_num_queries(1):
        message = queries.get_message(alice, conversation.pk, conversation.leaf_id)
        assert message.conversation == conversation


@pytest.mark.parametrize("other", ["bob", "rita"])
def test_a_message_does_not_exist_for_others(
    conversation: Conversation, request: pytest.FixtureRequest, other: str
) -> None:
    assert conversation.leaf_id
    with pytest.raises(Http404):
        queries.get_message(request.getfixturevalue(other), conversation.pk, conversation.leaf_id)


def test_a_message_is_found_in_its_own_conversation_only(
    alice: User, conversation: Conversation
) -> None:
    assert conversation.leaf_id
    other = make_conversation(alice, "Hello")
    with pytest.raises(Http404):
        queries.get_message(alice, other.pk, conversation.leaf_id)


# Pages of messages


def test_a_short_conversation_is_one_page(conversation: Conversation) -> None:
    page = queries.read_message_page(conversation)
    assert texts(page.messages) == ["Hello", "Hello to you."]
    assert page.earlier_cursor is None


def test_an_empty_conversation_is_an_empty_page(alice: User) -> None:
    page = queries.read_message_page(make_conversation(alice))
    assert (page.messages, page.earlier_cursor) == ([], None)


def test_a_long_conversation_shows_its_latest_50_messages(alice: User) -> None:
    page = queries.read_message_page(make_long_conversation(alice, 120))
    assert texts(page.messages) == [f"Message {number}" for number in range(70, 120)]


def test_the_cursor_leads_through_all_of_it(alice: User) -> None:
    conversation = make_long_conversation(alice, 120)
    page = queries.read_message_page(conversation)
    sizes: list[int] = []
    seen: list[str] = []
    while page.messages:
        sizes.append(len(page.messages))
        seen = [*texts(page.messages), *seen]
        if page.earlier_cursor is None:
            break
        page = queries.read_message_page(conversation, page.earlier_cursor)
    assert sizes == [50, 50, 20]
    assert seen == [f"Message {number}" for number in range(120)]


def test_exactly_one_page_has_nothing_earlier(alice: User) -> None:
    page = queries.read_message_page(make_long_conversation(alice, 50))
    assert (len(page.messages), page.earlier_cursor) == (50, None)


def test_a_cursor_into_another_conversation_shows_nothing(
    bob: User, conversation: Conversation
) -> None:
    others = make_conversation(bob, "A secret")
    assert not queries.read_message_page(conversation, others.leaf_id).messages


@pytest.mark.parametrize("length", [2, 50, 1_000])
def test_a_page_takes_one_query_however_long_the_conversation_is(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries, length: int
) -> None:
    conversation = make_long_conversation(alice, length)
    with django_assert_num_queries(1):
        page = queries.read_message_page(conversation)
        assert all(message.text and message.conversation_id for message in page.messages)


# The running reply


def test_a_pending_reply_is_running(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    assert queries.list_running_replies(conversation) == [reply]


def test_no_reply_runs_once_it_has_ended(conversation: Conversation) -> None:
    assert queries.list_running_replies(conversation) == []


def test_a_reply_of_another_conversation_is_not_ours(
    alice: User, conversation: Conversation
) -> None:
    add_pending_reply(make_conversation(alice, "Hello"))
    assert queries.list_running_replies(conversation) == []


# Pages of conversations


def make_conversations(owner: User, amount: int, *, apart: timedelta) -> list[Conversation]:
    """The last used first, as they are listed."""
    conversations = [
        Conversation(owner=owner, title=str(number), last_activity_at=NOON - number * apart)
        for number in range(amount)
    ]
    Conversation.objects.bulk_create(conversations)
    return sorted(conversations, key=lambda one: (one.last_activity_at, one.pk), reverse=True)


def test_conversations_are_listed_last_used_first(alice: User) -> None:
    conversations = make_conversations(alice, 5, apart=timedelta(hours=1))
    page = queries.list_conversations(alice)
    assert page.rows == conversations
    assert page.next == ""


def test_only_ones_own_are_listed(alice: User, bob: User) -> None:
    make_conversations(bob, 2, apart=timedelta(hours=1))
    assert queries.list_conversations(alice).rows == []


def test_archived_ones_are_not_listed(alice: User, conversation: Conversation) -> None:
    Conversation.objects.update(archived=True)
    assert queries.list_conversations(alice).rows == []


@pytest.mark.parametrize("apart", [timedelta(hours=1), timedelta(0)])
def test_the_cursor_leads_through_all_conversations(alice: User, apart: timedelta) -> None:
    conversations = make_conversations(alice, 120, apart=apart)
    first = queries.list_conversations(alice)
    second = queries.list_conversations(alice, after=first.next)
    third = queries.list_conversations(alice, after=second.next)
    assert [*first.rows, *second.rows, *third.rows] == conversations
    assert len(first.rows) == len(second.rows) == 50
    assert third.next == ""


def test_exactly_one_page_of_conversations_has_no_next(alice: User) -> None:
    make_conversations(alice, 50, apart=timedelta(hours=1))
    assert queries.list_conversations(alice).next == ""


def test_a_conversation_used_meanwhile_is_not_listed_again(alice: User) -> None:
    conversations = make_conversations(alice, 60, apart=timedelta(hours=1))
    first = queries.list_conversations(alice)
    Conversation.objects.filter(pk=conversations[-1].pk).update(
        last_activity_at=NOON + timedelta(hours=1)
    )
    second = queries.list_conversations(alice, after=first.next)
    assert second.rows == conversations[50:-1]


@pytest.mark.parametrize("amount", [1, 120])
def test_a_list_takes_one_query_however_many_there_are(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries, amount: int
) -> None:
    make_conversations(alice, amount, apart=timedelta(hours=1))
    with django_assert_num_queries(1):
        page = queries.list_conversations(alice)
        assert all(one.title and one.last_activity_at for one in page.rows)


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        "_",
        "2026-05-01T12:00:00+00:00_",
        "2026-05-01T12:00:00+00:00_nonsense",
        "_5cf2ba0e-7b8f-4bd4-8a2b-1d6b4d5f4a11",
        "2026-05-01T12:00:00_5cf2ba0e-7b8f-4bd4-8a2b-1d6b4d5f4a11",
        "\x00",
    ],
)
def test_a_cursor_that_was_not_made_here_is_refused(alice: User, cursor: str) -> None:
    with pytest.raises(InvalidCursorError):
        queries.list_conversations(alice, after=cursor)


def test_replies_are_found_as_messages(conversation: Conversation) -> None:
    page = queries.read_message_page(conversation)
    assert all(isinstance(message, Message) for message in page.messages)
    assert [message.is_user for message in page.messages] == [True, False]

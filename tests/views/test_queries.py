"""SQL queries a page: a constant, however much there is to show.

Two of each page are the session's and its user's; one of those with a composer is the limits'.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import Limit, UsageDay, User
from conversations.models import Conversation, Message
from tests.factories import add_message, make_conversation
from tests.views.html import HTMX

# Savepoints stand for the transaction, which the test itself has already begun. The session, the
# user; the conversation, its new message; what runs, the limits; the message counted; the reply,
# the conversation's new leaf. Only PostgreSQL needs a query to lock.
LOCK = int(connection.features.has_select_for_update)
SENDING = 13 + LOCK
# What review has of a conversation: nine tables, of which each is asked to forget it.
DELETING = 8 + 9 + LOCK

type Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def queries(django_assert_num_queries: Queries, alice_client: Client) -> Queries:
    """Of a session that has been seen a moment ago, under a policy that is known."""
    alice_client.get("/accounts/profile/")
    return django_assert_num_queries


def make_conversations(owner: User, number: int) -> None:
    for index in range(number):
        make_conversation(owner, title=f"Talk {index}")


@pytest.mark.parametrize("length", [2, 200])
def test_a_conversation(alice_client: Client, alice: User, queries: Queries, length: int) -> None:
    url = make_conversation(alice, *["Hello"] * length).get_absolute_url()
    with queries(7):  # the conversation, its messages, the sidebar both ways, the limits
        alice_client.get(url)


@pytest.mark.parametrize("number", [1, 49])
def test_a_conversation_of_replies_that_failed(
    alice_client: Client, alice: User, queries: Queries, number: int
) -> None:
    conversation = make_conversation(alice, "Hello")
    for _ in range(number):
        add_message(conversation, role="assistant", status="failed", error_code="throttled")
    conversation.save()
    with queries(7):
        alice_client.get(conversation.get_absolute_url())


@pytest.mark.parametrize("number", [0, 1, 60])
def test_the_new_chat(alice_client: Client, alice: User, queries: Queries, number: int) -> None:
    make_conversations(alice, number)
    with queries(4):  # the sidebar, the limits
        alice_client.get("/")


@pytest.mark.parametrize("number", [0, 1, 60])
def test_the_list(alice_client: Client, alice: User, queries: Queries, number: int) -> None:
    make_conversations(alice, number)
    with queries(3):
        alice_client.get("/conversations/", headers=HTMX)


@pytest.mark.parametrize("number", [0, 60, 200])
def test_a_conversation_below_others(
    alice_client: Client, alice: User, queries: Queries, number: int
) -> None:
    conversation = make_conversation(alice, "Hello")
    make_conversations(alice, number)
    with queries(7):
        alice_client.get(conversation.get_absolute_url())


@pytest.mark.parametrize("length", [2, 200])
def test_earlier_messages(alice_client: Client, alice: User, queries: Queries, length: int) -> None:
    conversation = make_conversation(alice, *["Hello"] * length)
    url = f"/c/{conversation.pk}/messages/?before={conversation.leaf_id}"
    with queries(5):  # the conversation, the messages, where what is sent begins
        alice_client.get(url, headers=HTMX)


@pytest.mark.parametrize("length", [2, 200])
def test_the_source_of_a_message(
    alice_client: Client, alice: User, queries: Queries, length: int
) -> None:
    conversation = make_conversation(alice, *["Hello"] * length)
    with queries(3):
        alice_client.get(f"/c/{conversation.pk}/messages/{conversation.leaf_id}/source/")


@pytest.mark.parametrize("length", [2, 200])
def test_sending(alice_client: Client, alice: User, queries: Queries, length: int) -> None:
    conversation = make_conversation(alice, *["Hello"] * length)
    url = f"/c/{conversation.pk}/messages/"
    with queries(SENDING):
        alice_client.post(url, {"text": "Go on.", "token": "t"}, headers=HTMX)


@pytest.mark.parametrize("number", [0, 60])
def test_a_first_message(alice_client: Client, alice: User, queries: Queries, number: int) -> None:
    make_conversations(alice, number)
    with queries(SENDING + 1):
        alice_client.post("/", {"text": "Hello", "token": "t"}, headers=HTMX)


def test_limits_cost_a_page_one_more(alice_client: Client, alice: User, queries: Queries) -> None:
    Limit.objects.create(tokens_per_day=100, usd_per_month=1, messages_per_minute=1)
    url = make_conversation(alice, "Hello", "Hi").get_absolute_url()
    with queries(8):  # what is used
        alice_client.get(url)


def test_the_second_message_of_a_day(
    alice_client: Client, conversation: Conversation, queries: Queries
) -> None:
    UsageDay.objects.create(user=conversation.owner, day=timezone.localdate())
    url = f"/c/{conversation.pk}/messages/"
    with queries(SENDING):
        alice_client.post(url, {"text": "Go on.", "token": "t"}, headers=HTMX)


@pytest.mark.parametrize("days", [1, 28])
def test_the_page_of_usage(alice_client: Client, alice: User, queries: Queries, days: int) -> None:
    Limit.objects.create(tokens_per_day=100, usd_per_month=1, messages_per_minute=1)
    for ago in range(days):
        UsageDay.objects.create(user=alice, day=timezone.localdate() - timedelta(days=ago))
    with queries(5):  # the usage, the limits, what is used of them
        alice_client.get("/accounts/usage/")


@pytest.mark.parametrize("length", [2, 200])
def test_deleting(alice_client: Client, alice: User, queries: Queries, length: int) -> None:
    conversation: Conversation = make_conversation(alice, *["Hello"] * length)
    with queries(DELETING):
        alice_client.post(f"/c/{conversation.pk}/delete/")
    assert not Message.objects.exists()

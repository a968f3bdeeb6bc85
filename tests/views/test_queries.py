"""SQL queries a page: a constant, however much there is to show.

Two of each page are the session's and its user's; two of those with a composer are the limits' and
that of the files that wait in it.
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
from conversations.outbox import worker
from conversations.services import deletion
from tests.factories import add_message, extend_branch, make_conversation, make_folder
from tests.local_copies import fill_copies
from tests.views.html import HTMX

# Savepoints stand for the transaction, which the test itself has already begun. The session, the
# user; their instructions; the conversation, its new message; what runs, the limits; the message
# counted; the reply, the conversation's new leaf; versions of what is shown. Only PostgreSQL needs
# a query to lock.
LOCK = int(connection.features.has_select_for_update)
STARTING = 14 + LOCK
# Where the branches part.
SENDING = 15 + LOCK
DELETING = 7 + LOCK
# What review has of a conversation: nine tables, of which each is asked to forget it. What was set
# aside, and whether more is due, is asked as well.
DELETING_FOR_GOOD = 14 + 9 + 2 * LOCK

type Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def queries(django_assert_num_queries: Queries, alice_client: Client) -> Queries:
    """Of a session that has been seen a moment ago, under policies that are known by then, however
    long the test's data took to make.
    """

    def count_queries(number: int) -> AbstractContextManager[object]:
        alice_client.get("/accounts/profile/")
        fill_copies()
        return django_assert_num_queries(number)

    return count_queries


def make_conversations(owner: User, number: int) -> None:
    for index in range(number):
        make_conversation(owner, title=f"Talk {index}")


@pytest.mark.parametrize("length", [2, 200])
def test_a_conversation(alice_client: Client, alice: User, queries: Queries, length: int) -> None:
    url = make_conversation(alice, *["Hello"] * length).get_absolute_url()
    # The conversation, its messages, their versions, the sidebar both ways, what is pinned, what
    # runs, the folders, limits.
    with queries(12):
        alice_client.get(url)


@pytest.mark.parametrize("number", [1, 49])
def test_a_conversation_of_replies_that_failed(
    alice_client: Client, alice: User, queries: Queries, number: int
) -> None:
    conversation = make_conversation(alice, "Hello")
    for _ in range(number):
        add_message(conversation, role="assistant", status="failed", error_code="throttled")
    conversation.save()
    with queries(12):
        alice_client.get(conversation.get_absolute_url())


@pytest.mark.parametrize(("count", "length"), [(2, 2), (200, 1_800)])
def test_a_conversation_with_versions(
    alice_client: Client, alice: User, queries: Queries, count: int, length: int
) -> None:
    conversation = make_conversation(alice, "Hello")
    extend_branch(conversation, length)
    question = conversation.leaf_id
    for _ in range(count):
        add_message(conversation, role="assistant", text="Hi", parent_id=question)
    conversation.save()
    with queries(13):  # one more than without: whether a reply is being written in another
        alice_client.get(conversation.get_absolute_url())


@pytest.mark.parametrize(("count", "length"), [(2, 2), (200, 1_800)])
def test_switching_between_versions(
    alice_client: Client, alice: User, queries: Queries, count: int, length: int
) -> None:
    conversation = make_conversation(alice, "Hello")
    question = conversation.leaf_id
    for _ in range(count):
        add_message(conversation, role="assistant", text="Hi", parent_id=question)
    extend_branch(conversation, length)
    add_message(conversation, role="assistant", text="Hi", parent_id=question)
    conversation.save()
    # The session, the user; a savepoint, the conversation, the path, its new leaf, where they part,
    # what is remembered there, the savepoint's end; the version, the page, its versions, what runs.
    version = Message.objects.filter(parent_id=question).earliest("pk")
    with queries(13 + LOCK):
        alice_client.post(f"/c/{conversation.pk}/show/", {"version": version.pk}, headers=HTMX)


@pytest.mark.parametrize("number", [0, 1, 60])
def test_the_new_chat(alice_client: Client, alice: User, queries: Queries, number: int) -> None:
    make_conversations(alice, number)
    # The sidebar, what is pinned, what runs, folders, the limits, the user's instructions.
    with queries(9):
        alice_client.get("/")


@pytest.mark.parametrize("number", [0, 1, 60])
def test_the_list(alice_client: Client, alice: User, queries: Queries, number: int) -> None:
    make_conversations(alice, number)
    with queries(6):
        alice_client.get("/conversations/", headers=HTMX)


@pytest.mark.parametrize("number", [0, 60, 200])
def test_a_conversation_below_others(
    alice_client: Client, alice: User, queries: Queries, number: int
) -> None:
    conversation = make_conversation(alice, "Hello")
    make_conversations(alice, number)
    with queries(12):
        alice_client.get(conversation.get_absolute_url())


@pytest.mark.parametrize("number", [0, 60])
def test_the_page_of_a_folder(
    alice_client: Client, alice: User, queries: Queries, number: int
) -> None:
    folder = make_folder(alice)
    make_conversations(alice, number)
    Conversation.objects.update(folder=folder)
    for index in range(number):
        make_folder(alice, f"Folder {index}")
    # The folder, what is in it, the sidebar, what is pinned, what runs, folders, the limits,
    # the user's instructions.
    with queries(11):
        alice_client.get(folder.get_absolute_url())


@pytest.mark.parametrize("length", [2, 200])
def test_earlier_messages(alice_client: Client, alice: User, queries: Queries, length: int) -> None:
    conversation = make_conversation(alice, *["Hello"] * length)
    url = f"/c/{conversation.pk}/messages/?before={conversation.leaf_id}"
    with queries(6):  # the conversation, the messages, their versions, where what is sent begins
        alice_client.get(url, headers=HTMX)


@pytest.mark.parametrize("length", [2, 200])
def test_the_source_of_a_message(
    alice_client: Client, alice: User, queries: Queries, length: int
) -> None:
    conversation = make_conversation(alice, *["Hello"] * length)
    with queries(3):
        alice_client.get(f"/c/{conversation.pk}/messages/{conversation.leaf_id}/source/")


@pytest.mark.parametrize("length", [2, 200])
def test_how_full_the_context_is(
    alice_client: Client, alice: User, queries: Queries, length: int
) -> None:
    conversation = make_conversation(alice, *["Hello"] * length)
    conversation.messages.update(context_start=conversation.leaf_id)
    # The conversation, its end, what it took, the oldest message that is sent.
    with queries(6):
        alice_client.get(f"/c/{conversation.pk}/context/", headers=HTMX)


@pytest.mark.parametrize("length", [2, 200])
def test_the_details_of_a_reply(
    alice_client: Client, alice: User, queries: Queries, length: int
) -> None:
    conversation = make_conversation(alice, *["Hello"] * length)
    url = f"/c/{conversation.pk}/messages/{conversation.leaf_id}/details/"
    with queries(3):
        alice_client.get(url, headers=HTMX)


@pytest.mark.parametrize("number", [1, 60])
def test_a_search(alice_client: Client, alice: User, queries: Queries, number: int) -> None:
    for _ in range(number):
        make_conversation(alice, "Hello", title="Hello")
    worker.process_outbox()
    # The session, the user; titles and messages' ids, each after whether the index knows all
    # owners; the messages. PostgreSQL is asked where the newest begin.
    with queries(7 + int(connection.vendor == "postgresql")):
        alice_client.get("/conversations/search/?q=hello", headers=HTMX)


@pytest.mark.parametrize("length", [2, 200])
def test_sending(alice_client: Client, alice: User, queries: Queries, length: int) -> None:
    conversation = make_conversation(alice, *["Hello"] * length)
    url = f"/c/{conversation.pk}/messages/"
    with queries(SENDING):
        alice_client.post(url, {"text": "Go on.", "token": "t"}, headers=HTMX)


@pytest.mark.parametrize("number", [0, 60])
def test_a_first_message(alice_client: Client, alice: User, queries: Queries, number: int) -> None:
    make_conversations(alice, number)
    with queries(STARTING):
        alice_client.post("/", {"text": "Hello", "token": "t"}, headers=HTMX)


def test_limits_cost_a_page_one_more(alice_client: Client, alice: User, queries: Queries) -> None:
    Limit.objects.create(tokens_per_day=100, usd_per_month=1, messages_per_minute=1)
    url = make_conversation(alice, "Hello", "Hi").get_absolute_url()
    with queries(13):  # what is used
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
    with queries(8):  # the usage, the limits, what is used of them; files, and their limits
        alice_client.get("/accounts/usage/")


@pytest.mark.parametrize("number", [1, 200])
@pytest.mark.parametrize(("do", "count"), [("archive", 6), ("delete", 7), ("restore", 6)])
def test_what_is_done_to_several(
    alice_client: Client, alice: User, queries: Queries, number: int, do: str, count: int
) -> None:
    deleted_at = timezone.now() if do == "restore" else None
    made = Conversation.objects.bulk_create(
        Conversation(owner=alice, title="Talk", deleted_at=deleted_at) for _ in range(number)
    )
    # A savepoint, which they are, the change, what runs in them if they are deleted, its end.
    with queries(count + LOCK):
        alice_client.post(
            "/conversations/selected/", {"do": do, "ids": [each.pk for each in made]}, headers=HTMX
        )


@pytest.mark.parametrize("length", [2, 200])
def test_deleting(alice_client: Client, alice: User, queries: Queries, length: int) -> None:
    conversation: Conversation = make_conversation(alice, *["Hello"] * length)
    with queries(DELETING):
        alice_client.post(f"/c/{conversation.pk}/delete/")
    with queries(DELETING_FOR_GOOD):
        deletion.delete_marked(timezone.now() + deletion.UNDO_TIME)
    assert not Message.objects.exists()


@pytest.mark.parametrize("number", [0, 200])
def test_a_conversation_opened_from_the_list(
    alice_client: Client, alice: User, queries: Queries, number: int
) -> None:
    conversation = make_conversation(alice, "Hello")
    make_conversations(alice, number)
    # The conversation, its messages, their versions, the limits; nothing of the sidebar.
    with queries(7):
        alice_client.get(conversation.get_absolute_url(), headers=HTMX)

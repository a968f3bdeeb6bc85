"""The feed of changes: what runs, what wasn't seen, and whether the list has changed."""

import contextlib
import json
import socket
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.services import deletion
from conversations.services.conversations import archive_conversation, rename_conversation
from conversations.services.replies import streams, usage
from conversations.services.replies.channel import LiveReply
from tests.factories import make_conversation
from tests.views.html import HTMX, parse
from tests.views.streams import events, finish, message_of, names, open_stream, stream_url

URL = "/conversations/feed/"

pytestmark = pytest.mark.django_db(transaction=True)


def read_state(feed: Iterator[str]) -> dict[str, object]:
    """The next event, which must be one of news."""
    event = next(feed)
    assert event.startswith("data:")
    state: dict[str, object] = json.loads(event.removeprefix("data:"))
    return state


@contextlib.contextmanager
def connection() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of one: the server's and the browser's."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as browser,
        listener.accept()[0] as server,
    ):
        yield server, browser


@pytest.fixture
def unseen(conversation: Conversation) -> Conversation:
    """Whose reply ended while nobody looked."""
    Message.objects.filter(role="assistant").update(status="streaming")
    reply = conversation.messages.get(role="assistant")
    usage.end_reply(reply.pk, conversation.owner_id, {"status": "complete"}, None)
    return conversation


def test_it_begins_with_how_things_are(alice_client: Client, conversation: Conversation) -> None:
    assert read_state(events(alice_client, URL)) == {"listChanges": 0, "running": [], "unseen": []}


def test_it_costs_no_memory_for_being_compressed(alice_client: Client) -> None:
    response = alice_client.get(URL, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "identity"


def test_it_names_where_a_reply_is_written(alice_client: Client, running: LiveReply) -> None:
    conversation = Conversation.objects.get()
    assert read_state(events(alice_client, URL))["running"] == [conversation.get_absolute_url()]


def test_it_names_where_a_reply_was_not_seen(alice_client: Client, unseen: Conversation) -> None:
    expected = [{"url": unseen.get_absolute_url(), "title": "Greetings"}]
    assert read_state(events(alice_client, URL))["unseen"] == expected


def test_a_renamed_conversation_is_a_change_of_the_list(
    alice_client: Client, conversation: Conversation
) -> None:
    feed = events(alice_client, URL)
    read_state(feed)
    rename_conversation(conversation=conversation, title="Salutations")
    assert read_state(feed)["listChanges"] == 1


def test_what_is_archived_needs_not_be_seen(alice_client: Client, unseen: Conversation) -> None:
    archive_conversation(conversation=unseen, archived=True)
    assert read_state(events(alice_client, URL))["unseen"] == []


def test_what_is_deleted_needs_not_be_seen(alice_client: Client, unseen: Conversation) -> None:
    deletion.mark_deleted(conversation=unseen)
    assert read_state(events(alice_client, URL))["unseen"] == []


def test_nobody_else_is_told_what_runs(bob_client: Client, running: LiveReply) -> None:
    assert read_state(events(bob_client, URL))["running"] == []


def test_nobody_else_is_told_what_was_not_seen(bob_client: Client, unseen: Conversation) -> None:
    assert read_state(events(bob_client, URL))["unseen"] == []


def test_it_ends_for_who_was_signed_out(alice_client: Client, conversation: Conversation) -> None:
    feed = events(alice_client, URL)
    read_state(feed)
    alice_client.logout()
    rename_conversation(conversation=conversation, title="Salutations")
    assert names("".join(feed)) == ["end"]


def test_the_oldest_of_too_many_gives_way(alice_client: Client) -> None:
    feeds = [events(alice_client, URL) for _ in range(streams.FEEDS_PER_USER + 1)]
    for feed in feeds:
        read_state(feed)
    assert names("".join(feeds[0])) == ["end"]


def test_too_many_in_all_are_refused(
    alice_client: Client, bob_client: Client, settings: Settings
) -> None:
    feed = events(bob_client, URL)
    read_state(feed)
    settings.MAX_STREAMS = 1
    assert alice_client.get(URL).status_code == 503


def test_a_reply_that_ended_unseen_is_marked_in_the_list(
    alice_client: Client, unseen: Conversation
) -> None:
    page = parse(alice_client.get("/conversations/", headers=HTMX))
    assert page.one("li", **{"class": "sidebar-row"})["data-state"] == "unseen"


def test_a_reply_that_is_written_is_marked_in_the_list(
    alice_client: Client, running: LiveReply
) -> None:
    page = parse(alice_client.get("/conversations/", headers=HTMX))
    assert page.one("li", **{"class": "sidebar-row"})["data-state"] == "running"


def test_opening_a_conversation_is_seeing_it(alice_client: Client, unseen: Conversation) -> None:
    alice_client.get(unseen.get_absolute_url())
    unseen.refresh_from_db()
    assert not unseen.has_unseen_reply


def test_a_reply_that_was_followed_to_its_end_is_seen(
    alice_client: Client, running: LiveReply
) -> None:
    follower = open_stream(alice_client, running)
    conversation = Conversation.objects.get()
    Conversation.objects.update(has_unseen_reply=True)
    finish(running)
    assert names("".join(follower))[-1] == "end"
    conversation.refresh_from_db()
    assert not conversation.has_unseen_reply


@pytest.mark.parametrize("is_there", [True, False], ids=["there", "gone"])
def test_a_reply_that_ends_is_seen_by_readers_who_are_still_there(
    alice_client: Client, running: LiveReply, is_there: bool
) -> None:
    conversation = Conversation.objects.get()
    Conversation.objects.update(has_unseen_reply=True)
    with connection() as (server, browser):
        alice_client.defaults["gunicorn.socket"] = server  # type: ignore[assignment]
        follower = events(alice_client, stream_url(message_of(running)))
        next(follower)
        if not is_there:
            browser.close()
        finish(running)
        assert names("".join(follower))[-1] == "end"
    conversation.refresh_from_db()
    assert conversation.has_unseen_reply != is_there


def test_a_reader_who_leaves_with_the_finished_reply_has_seen_it(
    alice_client: Client, running: LiveReply
) -> None:
    conversation = Conversation.objects.get()
    Conversation.objects.update(has_unseen_reply=True)
    with connection() as (server, browser):
        alice_client.defaults["gunicorn.socket"] = server  # type: ignore[assignment]
        follower = open_stream(alice_client, running)
        finish(running)
        for part in follower:
            # The finished article takes the place of what has the connection.
            if "<article" in part:
                browser.close()
    assert browser.fileno() == -1
    conversation.refresh_from_db()
    assert not conversation.has_unseen_reply


def test_a_reply_that_its_owner_stopped_is_no_news(alice: User) -> None:
    conversation = make_conversation(alice, "Hello", "Hi")
    Message.objects.filter(role="assistant").update(status="streaming")
    reply = conversation.messages.get(role="assistant")
    usage.end_reply(reply.pk, alice.pk, {"status": "stopped"}, None)
    conversation.refresh_from_db()
    assert not conversation.has_unseen_reply

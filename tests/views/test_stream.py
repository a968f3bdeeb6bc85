"""A reply's events: always 200, and an end for whoever may not follow it."""

import uuid
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.replies import streams
from conversations.services.replies.channel import LiveReply, get_channel
from tests.accounts.second_factor.factors import require
from tests.factories import add_pending_reply
from tests.services.writing import wait_for_more
from tests.views.html import parse_text


def stream_url(reply: Message) -> str:
    return f"/c/{reply.conversation_id}/messages/{reply.pk}/stream/"


def events(client: Client, url: str) -> Iterator[str]:
    response: HttpResponseBase = client.get(url, headers={"Accept": "text/event-stream"})
    assert isinstance(response, StreamingHttpResponse)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/event-stream")
    for part in response:
        yield part.decode()


def names(parts: str) -> list[str]:
    return [line[6:].strip() for line in parts.splitlines() if line.startswith("event:")]


def html(parts: str) -> str:
    return "\n".join(line[5:].strip() for line in parts.splitlines() if line.startswith("data:"))


@pytest.fixture
def running(conversation: Conversation) -> Iterator[LiveReply]:
    """A reply that this test writes word by word."""
    reply = get_channel().open_reply(add_pending_reply(conversation))
    yield reply
    get_channel().close_reply(reply)


def finish(reply: LiveReply, **fields: object) -> None:
    Message.objects.filter(pk=reply.pk).update(**({"status": "complete"} | fields))
    get_channel().close_reply(reply)


def message_of(reply: LiveReply) -> Message:
    return Message.objects.get(pk=reply.pk)


def test_a_finished_reply_is_sent_whole_and_ends(
    alice_client: Client, conversation: Conversation
) -> None:
    reply = conversation.messages.get(role="assistant")
    sent = "".join(events(alice_client, stream_url(reply)))
    assert names(sent)[-1] == "end"
    assert parse_text(html(sent)).messages() == [("assistant", "complete")]


def test_who_is_signed_out_is_sent_the_end_only(client: Client, conversation: Conversation) -> None:
    reply = conversation.messages.get(role="assistant")
    sent = "".join(events(client, stream_url(reply)))
    assert names(sent) == ["end"]
    assert "Hello" not in sent


@pytest.mark.parametrize("other", ["bob_client", "rita_client"])
def test_others_are_sent_the_end_only(
    request: pytest.FixtureRequest, conversation: Conversation, other: str
) -> None:
    reply = conversation.messages.get(role="assistant")
    sent = "".join(events(request.getfixturevalue(other), stream_url(reply)))
    assert names(sent) == ["end"]
    assert "Hello" not in sent


@pytest.mark.parametrize("number", [0, 10**18, 10**30])
def test_a_reply_that_is_gone_is_the_end(
    alice_client: Client, conversation: Conversation, number: int
) -> None:
    sent = "".join(events(alice_client, f"/c/{conversation.pk}/messages/{number}/stream/"))
    assert names(sent) == ["end"]


def test_a_conversation_that_is_gone_is_the_end(alice_client: Client) -> None:
    sent = "".join(events(alice_client, f"/c/{uuid.uuid4()}/messages/1/stream/"))
    assert names(sent) == ["end"]


def test_all_unanswerable_streams_end_alike(
    alice_client: Client, bob_client: Client, client: Client, conversation: Conversation
) -> None:
    reply = conversation.messages.get(role="assistant")
    gone = f"/c/{conversation.pk}/messages/{10**18}/stream/"
    answers = {
        "".join(events(client, stream_url(reply))),
        "".join(events(bob_client, stream_url(reply))),
        "".join(events(alice_client, gone)),
    }
    assert len(answers) == 1


def test_the_first_event_is_what_there_is_so_far(alice_client: Client, running: LiveReply) -> None:
    running.publish("So far, so good.")
    sent = next(events(alice_client, stream_url(message_of(running))))
    assert "So far, so good." in html(sent)


def test_what_is_new_follows(alice_client: Client, running: LiveReply) -> None:
    running.publish("First block.\n\n")
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    running.publish("Second block.")
    sent = next(follower)
    assert "Second block." in html(sent)
    assert "First block." not in html(sent)


def test_the_last_event_is_the_finished_article(alice_client: Client, running: LiveReply) -> None:
    running.publish("Done.")
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    finish(running, text="Done.")
    rest = "".join(follower)
    assert parse_text(html(rest)).messages() == [("assistant", "complete")]
    assert names(rest)[-1] == "end"


def test_two_readers_see_the_same(alice_client: Client, running: LiveReply) -> None:
    running.publish("For both.")
    url = stream_url(message_of(running))
    followers = [events(alice_client, url), events(alice_client, url)]
    assert next(followers[0]) == next(followers[1])
    finish(running, text="For both.")
    assert "".join(followers[0]) == "".join(followers[1])


def test_a_reader_who_comes_later_is_sent_what_others_have_read(
    alice_client: Client, running: LiveReply
) -> None:
    url = stream_url(message_of(running))
    running.publish("First block.\n\nSecond block.")
    next(events(alice_client, url))
    later = html(next(events(alice_client, url)))
    assert "First block." in later
    assert "Second block." in later


def test_a_stopped_reply_ends_as_stopped(alice_client: Client, running: LiveReply) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    finish(running, status="stopped", text="Half a")
    assert parse_text(html("".join(follower))).messages() == [("assistant", "stopped")]


def test_a_deleted_reply_ends_without_an_article(
    alice_client: Client, running: LiveReply, conversation: Conversation
) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    conversation.delete()
    get_channel().close_reply(running)
    rest = "".join(follower)
    assert names(rest) == ["end"]
    assert "<article" not in rest


def test_who_signs_out_meanwhile_is_not_sent_the_finished_reply(
    alice_client: Client, running: LiveReply
) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    alice_client.logout()
    finish(running, text="A secret.")
    rest = "".join(follower)
    assert names(rest) == ["end"]
    assert "A secret." not in rest


def test_whose_account_is_closed_meanwhile_is_not_sent_the_finished_reply(
    alice_client: Client, alice: User, running: LiveReply
) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    finish(running, text="A secret.")
    assert names("".join(follower)) == ["end"]


def test_whose_password_changes_meanwhile_is_not_sent_the_finished_reply(
    alice_client: Client, alice: User, running: LiveReply
) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    alice.set_password("battery staple")
    alice.save()
    finish(running, text="A secret.")
    assert names("".join(follower)) == ["end"]


def test_who_loses_a_role_meanwhile_is_not_sent_the_finished_reply(
    alice_client: Client, alice: User, running: LiveReply
) -> None:
    set_role(alice, Role.REVIEWER)
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    set_role(alice, Role.USER)
    finish(running, text="A secret.")
    assert names("".join(follower)) == ["end"]


def test_who_is_given_a_role_meanwhile_goes_on_reading(
    alice_client: Client, alice: User, running: LiveReply
) -> None:
    follower = events(alice_client, stream_url(message_of(running)))
    next(follower)
    set_role(alice, Role.REVIEWER)
    finish(running, text="Hello")
    assert parse_text(html("".join(follower))).messages() == [("assistant", "complete")]


def test_markup_of_the_model_arrives_escaped(alice_client: Client, running: LiveReply) -> None:
    running.publish("<script>alert(1)</script> <img src=x onerror=alert(1)>")
    sent = html(next(events(alice_client, stream_url(message_of(running)))))
    assert "<script" not in sent
    assert "<img" not in sent


def test_no_proxy_or_cache_holds_it_up(alice_client: Client, conversation: Conversation) -> None:
    reply = conversation.messages.get(role="assistant")
    response = alice_client.get(stream_url(reply))
    assert "no-" in response["Cache-Control"]
    assert response["X-Accel-Buffering"] == "no"


@pytest.mark.django_db(transaction=True)
def test_a_reply_is_followed_while_the_model_writes(
    alice_client: Client, conversation: Conversation, model: OfflineModel
) -> None:
    gate = Gate()
    model.script(Fault(gate=gate, text="One two three."))
    alice_client.post(f"/c/{conversation.pk}/messages/", {"text": "Count", "token": "t"})
    (reply,) = get_channel().list_replies()
    gate.release()
    assert wait_for_more(reply, 0)
    follower = events(alice_client, stream_url(message_of(reply)))
    assert "One" in html(next(follower))
    gate.open()
    rest = "".join(follower)
    assert parse_text(html(rest)).messages() == [("assistant", "complete")]
    assert "One two three." in parse_text(html(rest)).text


def test_who_has_to_set_up_a_second_factor_first_is_sent_the_end_only(
    alice_client: Client, running: LiveReply
) -> None:
    running.publish("A secret.")
    require("everybody")
    assert names("".join(events(alice_client, stream_url(message_of(running))))) == ["end"]


def test_thinking_is_sent_before_the_first_word(alice_client: Client, running: LiveReply) -> None:
    running.publish("", "Let me <see>\n")
    stream = events(alice_client, stream_url(message_of(running)))
    first = next(stream)
    assert f'hx-target="#m{running.pk}-thinking"' in first
    assert "Let me &lt;see&gt;" in first
    running.publish("", "more")
    second = next(stream)
    assert f'hx-target="#m{running.pk}-thinking-text" hx-swap="beforeend">more<' in second
    finish(running)
    assert names("".join(stream))[-1] == "end"


def test_the_finished_article_holds_the_thinking(alice_client: Client, running: LiveReply) -> None:
    running.publish("Yes.", "Hm.")
    stream = events(alice_client, stream_url(message_of(running)))
    next(stream)
    finish(running, text="Yes.", reasoning="Hm.")
    article = html("".join(stream))
    assert article.index("Thinking") < article.index("Hm.") < article.index(f"m{running.pk}-body")


def open_stream(client: Client, reply: LiveReply) -> Iterator[str]:
    """One that has had its first event."""
    follower = events(client, stream_url(message_of(reply)))
    next(follower)
    return follower


def test_the_oldest_stream_of_a_user_gives_way(
    alice_client: Client, running: LiveReply, settings: Settings
) -> None:
    settings.MAX_STREAMS_PER_USER = 2
    followers = [open_stream(alice_client, running) for _ in range(3)]
    assert names("".join(followers[0])) == ["stream:paused", "end"]
    running.publish("For the others.")
    assert "For the others." in next(followers[1])
    assert "For the others." in next(followers[2])


def test_a_stream_that_waits_gives_way_at_once(
    alice_client: Client, running: LiveReply, settings: Settings
) -> None:
    settings.MAX_STREAMS_PER_USER = 1
    ended = Event()
    waiting = open_stream(alice_client, running)

    def read_on() -> None:
        list(waiting)
        ended.set()

    thread = Thread(target=read_on)
    thread.start()
    newer = open_stream(alice_client, running)
    assert ended.wait(10)
    thread.join()
    finish(running)
    assert names("".join(newer))[-1] == "end"


def test_a_stream_that_ended_does_not_count() -> None:
    before = streams.count_streams()
    with streams.open_stream(0, lambda: None):
        assert streams.count_streams() == before + 1
    assert streams.count_streams() == before


def test_streams_of_others_stay(
    alice_client: Client, running: LiveReply, settings: Settings
) -> None:
    settings.MAX_STREAMS_PER_USER = 1
    follower = open_stream(alice_client, running)
    with streams.open_stream(0, lambda: None), streams.open_stream(0, lambda: None):
        running.publish("Still there.")
        assert "Still there." in next(follower)


def test_beyond_all_streams_the_next_is_told_to_try_again(
    alice_client: Client, running: LiveReply, settings: Settings
) -> None:
    follower = open_stream(alice_client, running)
    settings.MAX_STREAMS = 1
    refused = alice_client.get(stream_url(message_of(running)))
    assert refused.status_code == 503
    assert refused["Retry-After"] == "5"
    finish(running)
    list(follower)

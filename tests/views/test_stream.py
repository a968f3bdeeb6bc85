"""A reply's events: what there is so far, what is new, and the finished article."""

import pytest
from django.test import Client

from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.replies.channel import LiveReply, get_channel
from tests.factories import add_message
from tests.services.writing import wait_for_more
from tests.views.html import parse_text
from tests.views.streams import events, finish, html, last_id, message_of, names, stream_url


def test_a_finished_reply_is_sent_whole_and_ends(
    alice_client: Client, conversation: Conversation
) -> None:
    reply = conversation.messages.get(role="assistant")
    sent = "".join(events(alice_client, stream_url(reply)))
    assert names(sent)[-1] == "end"
    assert parse_text(html(sent)).messages() == [("assistant", "complete")]


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


def test_an_event_tells_how_much_of_the_text_the_page_has(
    alice_client: Client, running: LiveReply
) -> None:
    running.publish("First block.\n\n")
    follower = events(alice_client, stream_url(message_of(running)))
    assert last_id(next(follower)) == len("First block.\n\n")
    running.publish("Second **block**.", "Hm.")
    assert last_id(next(follower)) == len("First block.\n\nSecond **block**.")


@pytest.fixture
def unheard(conversation: Conversation) -> Message:
    """A reply that is still written, by a process of which this one hears nothing."""
    return add_message(
        conversation, role=Message.Role.ASSISTANT, status=Message.Status.STREAMING, text="One two"
    )


def test_what_is_saved_is_shown_of_a_reply_that_is_not_heard(
    alice_client: Client, unheard: Message
) -> None:
    assert "One two" in html(next(events(alice_client, stream_url(unheard))))


@pytest.mark.parametrize(
    ("headers", "query"), [({"Last-Event-ID": "7"}, ""), ({}, "?seen=7")], ids=["header", "query"]
)
def test_what_is_saved_takes_no_word_from_a_page_that_has_more(
    alice_client: Client, unheard: Message, headers: dict[str, str], query: str
) -> None:
    follower = events(alice_client, stream_url(unheard) + query, headers)
    assert html(next(follower)) == "beat"
    Message.objects.filter(pk=unheard.pk).update(text="One two three")
    assert "One two three" in html(next(follower))


@pytest.mark.parametrize("seen", ["-1", "x", "9" * 10, "٣", ""])
def test_a_position_that_is_none_counts_as_the_beginning(
    alice_client: Client, unheard: Message, seen: str
) -> None:
    assert "One two" in html(next(events(alice_client, f"{stream_url(unheard)}?seen={seen}")))

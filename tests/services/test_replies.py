"""Stopping a reply."""

import pytest

from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services import live, replies
from tests.factories import add_pending_reply
from tests.services.writing import live_reply, send, wait_for_text

pytestmark = pytest.mark.django_db(transaction=True)

# The connection to the model has to be closed within this many seconds of a stop.
AT_ONCE = 0.5


@pytest.fixture
def reply(conversation: Conversation, gate: Gate) -> Message:
    """A reply that has said "One" and waits to say more."""
    turn = send(conversation, "And now?", token="a")
    gate.release()
    wait_for_text(live_reply(turn.reply.pk), "One")
    return turn.reply


def test_a_stopped_reply_is_saved_with_its_text(reply: Message) -> None:
    replies.stop(reply=reply)
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("stopped", "One")
    assert reply.finished_at
    assert "One" in reply.html


def test_a_stopped_reply_is_not_live_any_more(reply: Message) -> None:
    running = live_reply(reply.pk)
    replies.stop(reply=reply)
    assert running.done
    assert live.get(reply.pk) is None


def test_stop_closes_the_connection_to_the_model_while_it_is_silent(
    reply: Message, model: OfflineModel
) -> None:
    upstream = model.requests[-1]
    assert not upstream.disconnected.is_set()
    replies.stop(reply=reply)
    assert upstream.disconnected.wait(AT_ONCE)


def test_stop_does_so_before_the_model_has_said_anything(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(stall="headers"))
    turn = send(conversation, "And now?", token="a")
    upstream = model.wait_for_request()
    replies.stop(reply=turn.reply)
    assert upstream.disconnected.wait(AT_ONCE)
    turn.reply.refresh_from_db()
    assert (turn.reply.status, turn.reply.text) == ("stopped", "")


def test_the_next_message_can_be_sent_after_a_stop(
    reply: Message, conversation: Conversation
) -> None:
    replies.stop(reply=reply)
    turn = send(conversation, "Something else", token="b")
    assert turn.message.parent == reply


def test_stopping_twice_changes_nothing(reply: Message) -> None:
    replies.stop(reply=reply)
    reply.refresh_from_db()
    finished_at = reply.finished_at
    replies.stop(reply=reply)
    reply.refresh_from_db()
    assert (reply.status, reply.finished_at) == ("stopped", finished_at)


def test_a_complete_reply_stays_so(conversation: Conversation) -> None:
    assert conversation.leaf
    replies.stop(reply=conversation.leaf)
    conversation.leaf.refresh_from_db()
    assert conversation.leaf.status == "complete"


@pytest.mark.parametrize("status", Message.RUNNING)
def test_a_reply_that_nobody_writes_can_be_stopped(
    conversation: Conversation, status: Message.Status
) -> None:
    reply = add_pending_reply(conversation)
    Message.objects.filter(pk=reply.pk).update(status=status, text="Saved before")
    replies.stop(reply=reply)
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("stopped", "Saved before")
    assert reply.finished_at

"""A live reply in memory: what its writer publishes, and where it is found."""

import uuid

import pytest

from conversations.models import Conversation, Message
from conversations.services.replies.channel import get_channel
from conversations.services.replies.memory import MemoryReply


@pytest.fixture
def message() -> Message:
    """One that need not be saved."""
    return Message(pk=7, conversation=Conversation(owner_id=1))


@pytest.fixture
def reply(message: Message) -> MemoryReply:
    return MemoryReply(message)


def test_a_new_reply_has_no_text(reply: MemoryReply) -> None:
    assert (reply.text, reply.size, reply.done) == ("", 0, False)


def test_the_pieces_make_the_text(reply: MemoryReply) -> None:
    reply.publish("One")
    reply.publish(" two")
    assert (reply.text, reply.size) == ("One two", 2)


def test_thoughts_are_kept_apart_from_the_text(reply: MemoryReply) -> None:
    reply.publish("", "Hm. ")
    reply.publish("Yes.", "Oh.")
    assert (reply.text, reply.reasoning, reply.size) == ("Yes.", "Hm. Oh.", 3)


def test_thoughts_are_read_from_where_one_was(reply: MemoryReply) -> None:
    reply.publish("", "Hm. ")
    thought, seen = reply.reasoning_after(0)
    reply.publish("", "Oh.")
    assert (thought, reply.reasoning_after(seen)[0]) == ("Hm. ", "Oh.")


def test_waiting_for_the_end_runs_out_while_it_is_written(reply: MemoryReply) -> None:
    reply.publish("One")
    assert not reply.wait_done(timeout=0)


def test_cancelling_says_how_the_reply_ended(reply: MemoryReply) -> None:
    reply.cancel(Message.Status.STOPPED)
    assert reply.cancellation.cancelled
    assert reply.ended_as == "stopped"


def test_an_open_reply_is_found_until_it_is_closed(message: Message) -> None:
    reply = get_channel().open_reply(message)
    assert get_channel().follow_reply(7) is reply
    assert reply in get_channel().list_replies()
    get_channel().close_reply(reply)
    assert get_channel().follow_reply(7) is None
    assert reply.done


def test_closing_twice_does_no_harm(message: Message) -> None:
    reply = get_channel().open_reply(message)
    get_channel().close_reply(reply)
    get_channel().close_reply(reply)
    assert reply not in get_channel().list_replies()


def test_it_belongs_to_its_owner_in_its_conversation_alone(
    message: Message, reply: MemoryReply
) -> None:
    assert reply.belongs_to(1, message.conversation_id)
    assert not reply.belongs_to(2, message.conversation_id)
    assert not reply.belongs_to(None, message.conversation_id)
    assert not reply.belongs_to(1, uuid.uuid4())


def test_all_replies_of_a_user_are_cancelled(message: Message) -> None:
    reply = get_channel().open_reply(message)
    get_channel().cancel_replies_of(1, Message.Status.STOPPED)
    assert reply.cancellation.cancelled
    get_channel().close_reply(reply)


def test_nobody_else_s_replies_are_cancelled(message: Message) -> None:
    reply = get_channel().open_reply(message)
    get_channel().cancel_replies_of(2, Message.Status.STOPPED)
    assert not reply.cancellation.cancelled
    get_channel().close_reply(reply)


def test_cancelling_by_key_reaches_the_reply_or_nobody(message: Message) -> None:
    reply = get_channel().open_reply(message)
    assert get_channel().cancel_reply(7, Message.Status.STOPPED) is reply
    assert reply.cancellation.cancelled
    get_channel().close_reply(reply)
    assert get_channel().cancel_reply(7, Message.Status.STOPPED) is None

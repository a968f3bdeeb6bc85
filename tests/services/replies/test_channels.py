"""What holds of a reply for who follows it, wherever it is written: in the same process, or in
another one, by way of Redis.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from conversations.models import Conversation, Message
from conversations.services.replies.channel import FollowedReply, LiveReply, ReplyChannel
from conversations.services.replies.memory import MemoryChannel
from conversations.services.replies.redis import RedisChannel
from tests.redis_server import TIMEOUT, make_link
from tests.waiting import wait_until


@dataclass
class Processes:
    """The channel of the process that writes, and that of the one that follows."""

    writing: ReplyChannel
    following: ReplyChannel

    def follow(self, pk: int) -> FollowedReply:
        """That a reply is written may take a moment to be known."""
        return wait_until(lambda: self.following.follow_reply(pk), "the reply")


@pytest.fixture(params=["one process", "two processes"])
def processes(request: pytest.FixtureRequest) -> Iterator[Processes]:
    if request.param == "one process":
        channel = MemoryChannel()
        yield Processes(channel, channel)
        return
    request.getfixturevalue("redis")
    links = make_link(), make_link()
    yield Processes(RedisChannel(links[0]), RedisChannel(links[1]))
    for link in links:
        link.close()


@pytest.fixture
def message() -> Message:
    """One that need not be saved."""
    return Message(pk=7, conversation=Conversation(pk=uuid.uuid4(), owner_id=1))


@pytest.fixture
def reply(processes: Processes, message: Message) -> Iterator[LiveReply]:
    """One that is written."""
    reply = processes.writing.open_reply(message)
    yield reply
    processes.writing.close_reply(reply)


def has_text(followed: FollowedReply, text: str) -> bool:
    return followed.wait_for(lambda: followed.text_after(0)[0] == text, TIMEOUT)


@pytest.mark.usefixtures("reply")
def test_a_reply_is_followed_before_its_first_word(processes: Processes) -> None:
    assert processes.follow(7).text_after(0)[0] == ""


def test_who_follows_knows_that_it_is_json(processes: Processes, message: Message) -> None:
    message.parameters = {"response_format": {"value": {"type": "json_object"}, "from": "site"}}
    reply = processes.writing.open_reply(message)
    reply.publish("{}")
    assert processes.follow(7).is_json
    processes.writing.close_reply(reply)


def test_who_follows_has_each_word_once(processes: Processes, reply: LiveReply) -> None:
    followed = processes.follow(7)
    for word in ("One", " two", " three"):
        reply.publish(word)
    assert has_text(followed, "One two three")


def test_who_comes_late_has_all_that_was_said(processes: Processes, reply: LiveReply) -> None:
    reply.publish("One")
    early = processes.follow(7)
    assert has_text(early, "One")
    del early
    reply.publish(" two")
    assert has_text(processes.follow(7), "One two")


def test_all_who_follow_share_one_object(processes: Processes, reply: LiveReply) -> None:
    assert processes.follow(reply.pk) is processes.follow(reply.pk)


def test_thoughts_come_apart_from_the_text(processes: Processes, reply: LiveReply) -> None:
    followed = processes.follow(7)
    reply.publish("", "Hm. ")
    reply.publish("Yes.", "Oh.")
    assert has_text(followed, "Yes.")
    assert followed.reasoning_after(0)[0] == "Hm. Oh."


def test_a_very_long_reply_comes_whole(processes: Processes, reply: LiveReply) -> None:
    followed, words = processes.follow(7), [f"word{number} " for number in range(5_000)]
    for word in words:
        reply.publish(word)
    assert has_text(followed, "".join(words))


def test_letters_of_any_kind_come_as_they_are(processes: Processes, reply: LiveReply) -> None:
    reply.publish("漢字 🧑🏽‍🚀 \x00 \ud83d")
    assert has_text(processes.follow(7), "漢字 🧑🏽‍🚀 \x00 \ud83d")


def test_who_follows_is_told_of_the_end(processes: Processes, reply: LiveReply) -> None:
    followed = processes.follow(7)
    reply.publish("One")
    processes.writing.close_reply(reply)
    assert followed.wait_done(TIMEOUT)
    assert followed.text_after(0)[0] == "One"


def test_a_reply_that_has_ended_is_followed_no_more(processes: Processes, reply: LiveReply) -> None:
    followed = processes.follow(7)
    processes.writing.close_reply(reply)
    assert followed.wait_done(TIMEOUT)
    assert processes.following.follow_reply(7) is None


def test_who_follows_is_told_that_it_cannot_be_saved(
    processes: Processes, reply: LiveReply
) -> None:
    followed = processes.follow(7)
    reply.mark_unsaved()
    assert followed.wait_for(lambda: followed.unsaved, TIMEOUT)
    assert not followed.done


def test_cancelling_reaches_the_process_that_writes(processes: Processes, reply: LiveReply) -> None:
    processes.follow(7)
    assert processes.following.cancel_reply(7, Message.Status.STOPPED)
    wait_until(lambda: reply.cancellation.cancelled, "the cancellation")
    assert reply.ended_as == "stopped"


def test_cancelling_all_of_a_user_reaches_the_process_that_writes(
    processes: Processes, reply: LiveReply
) -> None:
    processes.follow(7)
    processes.following.cancel_replies_of(1, Message.Status.STOPPED)
    wait_until(lambda: reply.cancellation.cancelled, "the cancellation")


def test_cancelling_all_of_a_user_leaves_others_alone(
    processes: Processes, reply: LiveReply, message: Message
) -> None:
    other = Message(pk=8, conversation=Conversation(pk=uuid.uuid4(), owner_id=2))
    others_reply = processes.writing.open_reply(other)
    processes.following.cancel_replies_of(1, Message.Status.STOPPED)
    wait_until(lambda: reply.cancellation.cancelled, "the cancellation")
    assert not others_reply.cancellation.cancelled
    processes.writing.close_reply(others_reply)


def test_a_reply_that_is_continued_begins_with_what_there_was(processes: Processes) -> None:
    message = Message(pk=7, text="So far", conversation=Conversation(pk=uuid.uuid4(), owner_id=1))
    reply = processes.writing.open_reply(message)
    followed = processes.follow(7)
    reply.publish(", so good")
    assert has_text(followed, "So far, so good")
    processes.writing.close_reply(reply)


def test_a_reply_that_is_continued_is_another_to_who_followed_it(
    processes: Processes, reply: LiveReply, message: Message
) -> None:
    followed = processes.follow(7)
    processes.writing.close_reply(reply)
    continued = processes.writing.open_reply(message)
    assert followed.wait_done(TIMEOUT)
    again = wait_until(
        lambda: each if (each := processes.follow(7)) is not followed else None, "another reply"
    )
    assert not again.done
    processes.writing.close_reply(continued)


@pytest.mark.usefixtures("reply")
def test_it_belongs_to_its_owner_in_its_conversation_alone(
    processes: Processes, message: Message
) -> None:
    followed = processes.follow(7)
    assert followed.belongs_to(1, message.conversation_id)
    assert not followed.belongs_to(2, message.conversation_id)
    assert not followed.belongs_to(1, uuid.uuid4())
    assert not followed.belongs_to(None, message.conversation_id)


def test_a_reply_of_nobody_belongs_to_nobody_s_account(processes: Processes) -> None:
    message = Message(pk=7, conversation=Conversation(pk=uuid.uuid4(), owner_id=None))
    reply = processes.writing.open_reply(message)
    followed = processes.follow(7)
    assert followed.belongs_to(None, message.conversation_id)
    assert not followed.belongs_to(1, message.conversation_id)
    processes.writing.close_reply(reply)

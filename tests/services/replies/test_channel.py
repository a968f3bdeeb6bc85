"""A live reply: written in one thread, followed in others."""

import threading
import time
import uuid

import pytest

from conversations.models import Conversation, Message
from conversations.rendering.patches import PatchCursor
from conversations.services.replies import channel
from conversations.services.replies.channel import LiveReply
from tests.services.writing import PATIENCE


def follow(reply: LiveReply, pieces: list[str]) -> threading.Thread:
    """Collects each new piece as the stream view does: those after the ones seen."""

    def run() -> None:
        text = ""
        while not reply.done or len(text) < len(reply.text):
            assert reply.wait_for_more(len(pieces), PATIENCE)
            new = reply.text[len(text) :]
            text += new
            pieces.extend(new)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.fixture
def message() -> Message:
    """One that need not be saved."""
    return Message(pk=7, conversation=Conversation(owner_id=1))


@pytest.fixture
def reply(message: Message) -> LiveReply:
    return LiveReply(message)


def test_a_new_reply_has_no_text(reply: LiveReply) -> None:
    assert (reply.text, reply.size, reply.done) == ("", 0, False)


def test_the_pieces_make_the_text(reply: LiveReply) -> None:
    reply.append("One")
    reply.append(" two")
    assert (reply.text, reply.size) == ("One two", 2)


def test_thoughts_are_kept_apart_from_the_text(reply: LiveReply) -> None:
    reply.append("", "Hm. ")
    reply.append("Yes.", "Oh.")
    assert (reply.text, reply.reasoning, reply.size) == ("Yes.", "Hm. Oh.", 3)


def test_thoughts_are_read_from_where_one_was(reply: LiveReply) -> None:
    reply.append("", "Hm. ")
    thought, seen = reply.reasoning_after(0)
    reply.append("", "Oh.")
    assert (thought, reply.reasoning_after(seen)[0]) == ("Hm. ", "Oh.")


def test_a_thought_is_something_new_for_followers(reply: LiveReply) -> None:
    seen = reply.advance(PatchCursor())[1]
    reply.append("", "Hm.")
    assert reply.wait_for_more(seen, 0)
    assert not reply.wait_for_more(reply.advance(PatchCursor())[1], 0)


def test_followers_see_every_character_once(reply: LiveReply) -> None:
    written = [chr(0x4E00 + number) for number in range(500)]
    followed: list[list[str]] = [[] for _ in range(3)]
    threads = [follow(reply, pieces) for pieces in followed]
    for piece in written:
        reply.append(piece)
    reply.finish()
    for thread in threads:
        thread.join(PATIENCE)
    assert followed == [written] * 3


def test_waiting_returns_at_once_when_there_is_more(reply: LiveReply) -> None:
    reply.append("One")
    assert reply.wait_for_more(0, timeout=0)


def test_waiting_runs_out_when_there_is_nothing_new(reply: LiveReply) -> None:
    reply.append("One")
    assert not reply.wait_for_more(1, timeout=0)


def test_waiting_ends_with_the_reply(reply: LiveReply) -> None:
    reply.finish()
    assert reply.wait_for_more(0, timeout=0)
    assert reply.wait_done(timeout=0)


def test_waiting_for_the_end_runs_out_while_it_is_written(reply: LiveReply) -> None:
    reply.append("One")
    assert not reply.wait_done(timeout=0)


@pytest.mark.parametrize("event", ["piece", "end"])
def test_who_waits_is_woken(reply: LiveReply, event: str) -> None:
    woken = threading.Event()

    def wait() -> None:
        if reply.wait_for_more(0, timeout=60):
            woken.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    if event == "piece":
        reply.append("One")
    else:
        reply.finish()
    # Long before its own time is up.
    assert woken.wait(PATIENCE)
    waiting.join()


def test_cancelling_says_how_the_reply_ended(reply: LiveReply) -> None:
    reply.cancel(Message.Status.STOPPED)
    assert reply.cancellation.cancelled
    assert reply.ended_as == "stopped"


def test_an_open_reply_is_found_until_it_is_closed(message: Message) -> None:
    reply = channel.open_reply(message)
    assert channel.get(7) is reply
    assert reply in channel.running()
    channel.close_reply(reply)
    assert channel.get(7) is None
    assert reply.done


def test_closing_twice_does_no_harm(message: Message) -> None:
    reply = channel.open_reply(message)
    channel.close_reply(reply)
    channel.close_reply(reply)
    assert reply not in channel.running()


# What followers are shown


def test_a_reader_is_shown_what_there_is(reply: LiveReply) -> None:
    reply.append("One\n\n")
    ops, seen = reply.advance(PatchCursor())
    assert ops
    assert seen == 1


def test_a_reader_who_has_everything_is_shown_nothing(reply: LiveReply) -> None:
    reply.append("One\n\nTwo")
    cursor = PatchCursor()
    reply.advance(cursor)
    assert reply.advance(cursor) == ([], 1)


def test_all_readers_are_shown_the_same(reply: LiveReply) -> None:
    reply.append("One\n\n- two\n- three\n\nFour")
    assert reply.advance(PatchCursor()) == reply.advance(PatchCursor())


def test_nothing_rendered_is_nothing_to_rest_from(reply: LiveReply) -> None:
    assert reply.rest() == 0


def rendered(reply: LiveReply, cursor: PatchCursor) -> int:
    """Has everything rendered, when it may be; how many pieces that were."""
    deadline = time.monotonic() + PATIENCE
    while (seen := reply.advance(cursor)[1]) < reply.size:
        assert time.monotonic() < deadline
        # What the stream view does between two looks.
        time.sleep(reply.rest())
    return seen


def test_a_reader_may_rest_no_longer_than_rendering_is_due(reply: LiveReply) -> None:
    reply.append("One " * 2_000)
    cursor = PatchCursor()
    reply.advance(cursor)
    assert reply.rest() > 0
    reply.append("two")
    assert rendered(reply, cursor) == 2


def test_rendering_too_soon_is_put_off(reply: LiveReply) -> None:
    reply.append("One " * 20_000)
    cursor = PatchCursor()
    _, before = reply.advance(cursor)
    reply.append("two")
    assert reply.advance(cursor) == ([], before)


def test_it_belongs_to_its_owner_in_its_conversation_alone(
    message: Message, reply: LiveReply
) -> None:
    assert reply.belongs_to(1, message.conversation_id)
    assert not reply.belongs_to(2, message.conversation_id)
    assert not reply.belongs_to(None, message.conversation_id)
    assert not reply.belongs_to(1, uuid.uuid4())

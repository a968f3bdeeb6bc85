"""How the tests have replies written, and wait for them."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.services import continuations, regenerations, turns
from conversations.services.replies import worker
from conversations.services.replies.channel import LiveReply, get_channel
from conversations.services.turns import Turn
from tests.factories import add_pending_reply, make_conversation, owner_of

TIMEOUT = 30.0


def send(conversation: Conversation, text: str, *, token: str) -> Turn:
    """What the conversation's owner sends."""
    return turns.create_turn(
        owner=owner_of(conversation), conversation_id=conversation.pk, text=text, token=token
    )


def regenerate(reply: Message, *, token: str = "", instruction: str = "") -> Message:
    """What its owner has written again."""
    return regenerations.regenerate_reply(
        owner=owner_of(reply.conversation),
        conversation_id=reply.conversation_id,
        message_id=reply.pk,
        token=token,
        instruction=instruction,
    ).reply


def continue_reply(reply: Message, *, token: str = "") -> Message:
    """What its owner has written on."""
    return continuations.continue_reply(
        owner=owner_of(reply.conversation),
        conversation_id=reply.conversation_id,
        message_id=reply.pk,
        token=token,
    )


def keep_busy(owner: User, conversations: int) -> None:
    """Has a reply under way in so many conversations of theirs."""
    for _ in range(conversations):
        add_pending_reply(make_conversation(owner, "Hello"))


def write_reply(conversation: Conversation, **fields: Any) -> Message:
    """Has the next reply written in this thread, and returns it as it was saved."""
    reply = add_pending_reply(conversation, **fields)
    worker.run_writer(get_channel().open_reply(reply), reply)
    reply.refresh_from_db()
    return reply


def start_reply(conversation: Conversation, **fields: Any) -> LiveReply:
    """Has the next reply written in a thread of its own."""
    reply = add_pending_reply(conversation, **fields)
    worker.start_writer(reply)
    return live_reply(reply.pk)


def live_reply(pk: int) -> LiveReply:
    (reply,) = [each for each in get_channel().list_replies() if each.pk == pk]
    return reply


def wait_for_more(reply: LiveReply, seen: int) -> bool:
    return reply.wait_for(lambda: reply.done or reply.size > seen, TIMEOUT)


def wait_for_text(reply: LiveReply, text: str) -> None:
    seen = reply.size
    while text not in reply.text:
        assert not reply.done
        assert wait_for_more(reply, seen)
        seen = reply.size


def wait_until_saved(reply: Message) -> Message:
    if running := get_channel().follow_reply(reply.pk):
        assert running.wait_done(TIMEOUT)
    reply.refresh_from_db()
    return reply


def wait_for_replies() -> None:
    """Return when no reply is being written any more."""
    for reply in get_channel().list_replies():
        assert reply.wait_done(TIMEOUT)
    assert not Message.objects.filter(status__in=Message.RUNNING).exists()


def at_once[T](*calls: Callable[[], T]) -> list[T | Exception]:
    """Calls all of them at the same moment, each in a thread of its own; what they returned or
    raised.
    """
    barrier = threading.Barrier(len(calls))
    results: list[T | Exception] = [AssertionError("never called")] * len(calls)

    def run(index: int, call: Callable[[], T]) -> None:
        barrier.wait(TIMEOUT)
        try:
            results[index] = call()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)
    return results

"""Who writes a reply, and for how long it is live."""

import logging

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.replies import worker
from conversations.services.replies.channel import BOOT_ID, get_channel
from tests.factories import add_pending_reply, make_conversation
from tests.logs import records_of
from tests.services.writing import start_reply, wait_for_text, wait_until_saved

# Generation lets go of its connection, which ends a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reply_is_claimed_by_this_process(conversation: Conversation, gate: Gate) -> None:
    reply = start_reply(conversation)
    gate.release()
    wait_for_text(reply, "One")
    message = Message.objects.get(pk=reply.pk)
    assert (message.status, message.writer) == ("streaming", BOOT_ID)
    assert message.started_at == message.heartbeat_at


def test_a_reply_is_claimed_once(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    assert worker.claim_reply(reply)
    assert not worker.claim_reply(reply)


def test_a_reply_stopped_before_it_was_claimed_is_left_alone(
    conversation: Conversation, model: OfflineModel
) -> None:
    message = add_pending_reply(conversation)
    Message.objects.filter(pk=message.pk).update(status=Message.Status.STOPPED)
    reply = get_channel().open_reply(message)
    worker.run_writer(reply, message)
    assert reply.done
    assert not model.requests
    assert Message.objects.get(pk=message.pk).status == "stopped"


def test_a_reply_is_live_from_its_start_to_its_end(conversation: Conversation, gate: Gate) -> None:
    reply = start_reply(conversation)
    assert get_channel().list_replies() == [reply]
    gate.open()
    assert reply.wait_done(10)
    assert get_channel().follow_reply(reply.pk) is None


def test_a_conversation_deleted_while_the_reply_is_written_takes_it_along(
    conversation: Conversation, gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    reply = start_reply(conversation)
    gate.release()
    wait_for_text(reply, "One")
    Conversation.objects.get(pk=conversation.pk).delete()
    gate.open()
    assert reply.wait_done(10)
    assert not Message.objects.exists()
    ours = records_of(caplog, "conversations")
    assert [record for record in ours if record.levelno >= logging.ERROR] == []


def test_replies_of_several_conversations_are_written_at_once(
    alice: User, model: OfflineModel
) -> None:
    gates = [Gate() for _ in range(3)]
    model.script(*[Fault(gate=gate, text="One two") for gate in gates])
    replies = [start_reply(make_conversation(alice, "Hello")) for _ in gates]
    for gate in gates:
        gate.release()
    for reply in replies:
        wait_for_text(reply, "One")
    for gate in gates:
        gate.open()
    assert all(reply.wait_done(10) for reply in replies)
    assert Message.objects.filter(status="complete", text="One two").count() == 3


def test_starting_writes_in_a_thread_of_its_own(
    conversation: Conversation, model: OfflineModel
) -> None:
    reply = add_pending_reply(conversation)
    worker.start_writer(reply)
    assert wait_until_saved(reply).status == "complete"

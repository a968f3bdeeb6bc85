"""What becomes of conversations when their owner is erased."""

import pytest

from chatsite.accounts.erasure.services import erase_user
from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.offline_model import Gate, OfflineModel
from conversations.services.replies import worker
from conversations.services.replies.channel import get_channel
from conversations.services.replies.checkpoints import Checkpointer
from tests.factories import add_pending_reply, make_conversation, owner_of
from tests.services.writing import TIMEOUT, at_once, send, start_reply, wait_for_text

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_reply_that_is_being_written_is_stopped(
    conversation: Conversation, gate: Gate, model: OfflineModel
) -> None:
    reply = start_reply(conversation)
    upstream = model.wait_for_request()
    erase_user(user=owner_of(conversation))
    assert upstream.disconnected.wait(TIMEOUT)
    assert reply.wait_done(TIMEOUT)
    assert not Message.objects.exists()


def test_a_checkpoint_writes_nothing_back(conversation: Conversation, gate: Gate) -> None:
    reply = start_reply(conversation)
    gate.release()
    wait_for_text(reply, "One")
    erase_user(user=owner_of(conversation))
    Checkpointer().save()
    assert not Message.objects.exists()


def test_a_reply_that_was_to_be_written_is_not(conversation: Conversation) -> None:
    reply = add_pending_reply(conversation)
    erase_user(user=owner_of(conversation))
    worker.run_writer(get_channel().open_reply(reply), reply)
    assert not Message.objects.exists()


def test_replies_of_others_go_on(
    alice: User, bob: User, conversation: Conversation, gate: Gate
) -> None:
    reply = start_reply(make_conversation(bob, "Hello"))
    erase_user(user=alice)
    gate.open()
    assert reply.wait_done(TIMEOUT)
    assert Message.objects.get(pk=reply.pk).status == "complete"


def test_a_reply_whose_message_another_process_deleted_is_stopped(
    conversation: Conversation, gate: Gate, model: OfflineModel
) -> None:
    reply = start_reply(conversation)
    upstream = model.wait_for_request()
    Conversation.objects.all().delete()
    Checkpointer().save()
    assert upstream.disconnected.wait(TIMEOUT)
    assert reply.wait_done(TIMEOUT)


def test_a_message_sent_too_late_leaves_nothing(conversation: Conversation) -> None:
    erase_user(user=owner_of(conversation))
    with pytest.raises(Exception, match=r"does not exist|No Conversation|FOREIGN KEY"):
        send(conversation, "Hello?", token="late")
    assert not Message.objects.exists()


def test_a_message_sent_at_the_same_moment_leaves_nothing(
    conversation: Conversation, gate: Gate
) -> None:
    owner = owner_of(conversation)
    _sent, gone = at_once(
        lambda: send(conversation, "Hello?", token="now"), lambda: erase_user(user=owner)
    )
    assert isinstance(gone, dict)
    assert not User.objects.exists()
    assert not Message.objects.exists()

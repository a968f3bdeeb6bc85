"""Stopping a reply."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from chatsite.accounts.models import User
from chatsite.accounts.sessions.services import revoke_all_sessions
from chatsite.accounts.sign_in.recovery_links import make_recovery_link
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services import conversations
from conversations.services.replies import cancellation
from conversations.services.replies.channel import get_channel
from conversations.services.replies.checkpoints import Checkpointer
from tests.accounts.sign_in.test_recovery_links import choose_password
from tests.factories import add_pending_reply, owner_of
from tests.passwords import set_password
from tests.services.writing import live_reply, send, wait_for_text, wait_until_saved

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
    cancellation.stop_reply(reply=reply)
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("stopped", "One")
    assert reply.finished_at
    assert "One" in reply.html


def test_a_stopped_reply_is_not_live_any_more(reply: Message) -> None:
    running = live_reply(reply.pk)
    cancellation.stop_reply(reply=reply)
    assert running.done
    assert get_channel().follow_reply(reply.pk) is None


def test_stop_closes_the_connection_to_the_model_while_it_is_silent(
    reply: Message, model: OfflineModel
) -> None:
    upstream = model.requests[-1]
    assert not upstream.disconnected.is_set()
    cancellation.stop_reply(reply=reply)
    assert upstream.disconnected.wait(AT_ONCE)


def test_stop_does_so_before_the_model_has_said_anything(
    conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(stall="headers"))
    turn = send(conversation, "And now?", token="a")
    upstream = model.wait_for_request()
    cancellation.stop_reply(reply=turn.reply)
    assert upstream.disconnected.wait(AT_ONCE)
    turn.reply.refresh_from_db()
    assert (turn.reply.status, turn.reply.text) == ("stopped", "")


def test_the_next_message_can_be_sent_after_a_stop(
    reply: Message, conversation: Conversation
) -> None:
    cancellation.stop_reply(reply=reply)
    turn = send(conversation, "Something else", token="b")
    assert turn.message.parent == reply


def test_stopping_twice_changes_nothing(reply: Message) -> None:
    cancellation.stop_reply(reply=reply)
    reply.refresh_from_db()
    finished_at = reply.finished_at
    cancellation.stop_reply(reply=reply)
    reply.refresh_from_db()
    assert (reply.status, reply.finished_at) == ("stopped", finished_at)


def test_a_complete_reply_stays_so(conversation: Conversation) -> None:
    assert conversation.leaf
    cancellation.stop_reply(reply=conversation.leaf)
    conversation.leaf.refresh_from_db()
    assert conversation.leaf.status == "complete"


@pytest.mark.parametrize("status", Message.RUNNING)
def test_a_reply_that_nobody_writes_can_be_stopped(
    conversation: Conversation, status: Message.Status
) -> None:
    reply = add_pending_reply(conversation)
    Message.objects.filter(pk=reply.pk).update(status=status, text="Saved before")
    cancellation.stop_reply(reply=reply)
    reply.refresh_from_db()
    assert (reply.status, reply.text) == ("stopped", "Saved before")
    assert reply.finished_at


# All of a user, when there is nobody any more to read them


def test_signing_out_everywhere_closes_the_connection_to_the_model(
    reply: Message, conversation: Conversation, model: OfflineModel
) -> None:
    upstream = model.requests[-1]
    revoke_all_sessions(user=owner_of(conversation))
    assert upstream.disconnected.wait(AT_ONCE)
    assert (wait_until_saved(reply).status, reply.text) == ("stopped", "One")


def test_a_new_password_by_a_link_closes_the_connection_to_the_model(
    reply: Message, conversation: Conversation, client: Client, model: OfflineModel
) -> None:
    upstream = model.requests[-1]
    choose_password(client, urlsplit(make_recovery_link(owner_of(conversation))).path)
    assert upstream.disconnected.wait(AT_ONCE)
    assert wait_until_saved(reply).status == "stopped"


def test_a_password_set_by_an_administrator_closes_the_connection_to_the_model(
    reply: Message, conversation: Conversation, ada_client: Client, model: OfflineModel
) -> None:
    upstream = model.requests[-1]
    set_password(ada_client, owner_of(conversation))
    assert upstream.disconnected.wait(AT_ONCE)
    assert wait_until_saved(reply).status == "stopped"


def test_signing_out_elsewhere_stops_nothing(
    reply: Message, conversation: Conversation, model: OfflineModel, gate: Gate
) -> None:
    revoke_all_sessions(user=owner_of(conversation), but="the key of this one")
    gate.open()
    assert wait_until_saved(reply).status == "complete"


def test_signing_out_stops_nothing(reply: Message, alice_client: Client, gate: Gate) -> None:
    assert alice_client.post("/accounts/logout/").status_code == 302
    gate.open()
    assert wait_until_saved(reply).status == "complete"


def test_the_end_of_anothers_access_stops_nothing(reply: Message, bob: User, gate: Gate) -> None:
    revoke_all_sessions(user=bob)
    gate.open()
    assert wait_until_saved(reply).status == "complete"


def test_a_user_deactivated_by_an_administrator_is_stopped(
    reply: Message, conversation: Conversation, ada_client: Client, model: OfflineModel
) -> None:
    upstream = model.requests[-1]
    url = f"/admin/accounts/user/{conversation.owner_id}/change/"
    form = {"username": "alice", "email": "alice@example.com", "theme": "system", "role": "user"}
    assert ada_client.post(url, form).status_code == 302
    assert upstream.disconnected.wait(AT_ONCE)
    assert wait_until_saved(reply).status == "stopped"


def test_a_user_deactivated_in_another_process_is_stopped_by_the_next_checkpoint(
    reply: Message, conversation: Conversation, model: OfflineModel
) -> None:
    upstream = model.requests[-1]
    User.objects.filter(pk=owner_of(conversation).pk).update(is_active=False)
    Checkpointer().work()
    assert upstream.disconnected.wait(AT_ONCE)
    assert wait_until_saved(reply).status == "stopped"


def test_deleting_the_conversation_closes_the_connection_to_the_model(
    reply: Message, conversation: Conversation, model: OfflineModel
) -> None:
    upstream = model.requests[-1]
    conversations.delete_conversation(conversation=conversation)
    assert upstream.disconnected.wait(AT_ONCE)
    assert not Message.objects.exists()

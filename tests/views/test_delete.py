"""Deleting a conversation."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.replies.channel import get_channel
from tests.factories import add_message, make_conversation


def test_it_goes_with_all_its_messages(alice_client: Client, conversation: Conversation) -> None:
    response = alice_client.post(f"/c/{conversation.pk}/delete/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()


def test_one_with_branches_goes_too(alice_client: Client, conversation: Conversation) -> None:
    asked = conversation.messages.get(role="user")
    conversation.messages.create(parent=asked, role="assistant", text="Another answer.")
    assert alice_client.post(f"/c/{conversation.pk}/delete/").status_code == 302
    assert not Message.objects.exists()


def test_the_others_stay(alice_client: Client, conversation: Conversation, alice: User) -> None:
    other = make_conversation(alice, "Keep me")
    alice_client.post(f"/c/{conversation.pk}/delete/")
    assert list(Conversation.objects.all()) == [other]


def test_deleting_twice_is_not_found(alice_client: Client, conversation: Conversation) -> None:
    statuses = [alice_client.post(f"/c/{conversation.pk}/delete/").status_code for _ in range(2)]
    assert statuses == [302, 404]


def test_a_failed_reply_is_no_obstacle(alice_client: Client, conversation: Conversation) -> None:
    add_message(conversation, role="assistant", status="failed")
    conversation.save()
    assert alice_client.post(f"/c/{conversation.pk}/delete/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_the_reply_that_is_being_written_is_stopped(
    alice_client: Client, conversation: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(gate=Gate()))
    alice_client.post(f"/c/{conversation.pk}/messages/", {"text": "Count", "token": "t"})
    (reply,) = get_channel().list_replies()
    model.wait_for_request()
    alice_client.post(f"/c/{conversation.pk}/delete/")
    assert reply.wait_done(10)
    assert not Message.objects.exists()

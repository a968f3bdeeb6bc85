"""Deleting a conversation."""

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services import deletion
from conversations.services.replies.channel import get_channel
from tests.factories import add_message, make_conversation
from tests.views.html import parse


def test_it_goes_with_all_its_messages(alice_client: Client, conversation: Conversation) -> None:
    response = alice_client.post(f"/c/{conversation.pk}/delete/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert alice_client.get(f"/c/{conversation.pk}/").status_code == 404
    deletion.delete_marked(timezone.now() + deletion.UNDO_TIME)
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()


def test_one_with_branches_goes_too(alice_client: Client, conversation: Conversation) -> None:
    asked = conversation.messages.get(role="user")
    conversation.messages.create(parent=asked, role="assistant", text="Another answer.")
    assert alice_client.post(f"/c/{conversation.pk}/delete/").status_code == 302
    deletion.delete_marked(timezone.now() + deletion.UNDO_TIME)
    assert not Message.objects.exists()


def test_the_others_stay(alice_client: Client, conversation: Conversation, alice: User) -> None:
    other = make_conversation(alice, "Keep me")
    alice_client.post(f"/c/{conversation.pk}/delete/")
    deletion.delete_marked(timezone.now() + deletion.UNDO_TIME)
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
    assert Message.objects.latest("pk").status == Message.Status.STOPPED


def test_the_next_page_offers_to_undo_it(alice_client: Client, conversation: Conversation) -> None:
    response = alice_client.post(f"/c/{conversation.pk}/delete/", follow=True)
    page = parse(response)
    assert page.all("form", method="post", action=f"/c/{conversation.pk}/restore/")
    assert "Undo" in page.text


def test_undoing_brings_it_back(alice_client: Client, conversation: Conversation) -> None:
    alice_client.post(f"/c/{conversation.pk}/delete/")
    response = alice_client.post(f"/c/{conversation.pk}/restore/")
    assert response["Location"] == f"/c/{conversation.pk}/"
    assert alice_client.get(response["Location"]).status_code == 200


def test_undoing_too_late_says_so(alice_client: Client, conversation: Conversation) -> None:
    alice_client.post(f"/c/{conversation.pk}/delete/")
    deletion.delete_marked(timezone.now() + deletion.UNDO_TIME)
    response = alice_client.post(f"/c/{conversation.pk}/restore/", follow=True)
    assert "deleted for good" in response.content.decode()


def test_nobody_else_can_undo_it(
    alice_client: Client, bob_client: Client, conversation: Conversation
) -> None:
    alice_client.post(f"/c/{conversation.pk}/delete/")
    assert bob_client.post(f"/c/{conversation.pk}/restore/")["Location"] == "/"
    assert alice_client.get(f"/c/{conversation.pk}/").status_code == 404

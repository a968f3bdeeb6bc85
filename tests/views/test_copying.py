"""Continuing in a new conversation: a copy of the branch up to a message."""

from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.factories import make_conversation
from tests.views.html import parse


def url(conversation: Conversation, number: int) -> str:
    """Where the message at this place of the branch is copied up to."""
    message = conversation.messages.order_by("pk")[number]
    return f"/c/{conversation.pk}/messages/{message.pk}/copy/"


def test_the_copy_opens_with_what_led_to_the_message(alice_client: Client, alice: User) -> None:
    conversation = make_conversation(alice, "One", "Two", "Three", "Four")
    response = alice_client.post(url(conversation, 1), follow=True)
    assert parse(response).bodies() == ["One", "Two"]


def test_the_conversation_that_was_copied_stays_as_it_is(alice_client: Client, alice: User) -> None:
    conversation = make_conversation(alice, "One", "Two", "Three", "Four")
    alice_client.post(url(conversation, 1))
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert page.bodies() == ["One", "Two", "Three", "Four"]


def test_nobody_else_copies_it(bob_client: Client, conversation: Conversation) -> None:
    assert bob_client.post(url(conversation, 1)).status_code == 404
    assert Conversation.objects.count() == 1

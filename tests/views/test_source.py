"""The source of a message, to copy."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.factories import make_conversation


def source_url(conversation: Conversation, message_id: object = None) -> str:
    return f"/c/{conversation.pk}/messages/{message_id or conversation.leaf_id}/source/"


def test_it_is_the_markdown_as_the_model_wrote_it(alice_client: Client, alice: User) -> None:
    text = "# Title\n\n<script>alert(1)</script> & **bold** “quoted”\n"
    conversation = make_conversation(alice, "Hello", text)
    assert alice_client.get(source_url(conversation)).content.decode() == text


def test_no_browser_takes_it_for_html(alice_client: Client, alice: User) -> None:
    conversation = make_conversation(alice, "Hello", "<script>alert(1)</script>")
    response = alice_client.get(source_url(conversation))
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("number", [10**18, 10**30])
def test_a_message_that_never_was_is_not_found(
    alice_client: Client, conversation: Conversation, number: int
) -> None:
    assert alice_client.get(source_url(conversation, number)).status_code == 404


def test_a_message_of_another_conversation_is_not_found(
    alice_client: Client, conversation: Conversation, alice: User
) -> None:
    other = make_conversation(alice, "Other")
    assert alice_client.get(source_url(other, conversation.leaf_id)).status_code == 404

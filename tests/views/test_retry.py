"""Trying again: another reply to the same message."""

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from tests.factories import add_failed_reply, add_message, add_pending_reply, make_conversation
from tests.views.html import HTMX, parse


@pytest.fixture
def failed(conversation: Conversation) -> Message:
    return add_failed_reply(conversation)


def url(reply: Message) -> str:
    return f"/c/{reply.conversation_id}/messages/{reply.pk}/retry/"


def test_it_makes_a_sibling_of_the_reply(alice_client: Client, failed: Message) -> None:
    page = parse(alice_client.post(url(failed), headers=HTMX))
    new = Message.objects.get(status="streaming")
    assert new.parent_id == failed.parent_id
    assert page.one("article")["id"] == f"m{new.pk}"


def test_the_failed_reply_is_a_version_beside_the_new_one(
    alice_client: Client, failed: Message
) -> None:
    page = parse(alice_client.post(url(failed), follow=True))
    assert ("assistant", "failed") not in page.messages()
    assert page.messages()[-1] == ("assistant", "streaming")
    assert "2 / 2" in page.text


def test_asked_twice_it_makes_one(alice_client: Client, failed: Message) -> None:
    first, second = (
        parse(alice_client.post(url(failed), {"token": "a form"}, headers=HTMX)).one("article")[
            "id"
        ]
        for _ in range(2)
    )
    assert first == second


def test_a_reply_that_is_being_written_cant_be_tried_again(
    alice_client: Client, conversation: Conversation
) -> None:
    running = add_pending_reply(conversation)
    response = alice_client.post(url(running), headers=HTMX)
    assert response.status_code == 409
    assert b"still being written" in response.content


def test_a_message_of_the_user_cant_be_tried_again(
    alice_client: Client, conversation: Conversation
) -> None:
    asked = conversation.messages.get(role="user")
    assert alice_client.post(url(asked)).status_code == 404


def test_a_reply_that_others_follow_takes_their_place(
    alice_client: Client, failed: Message
) -> None:
    conversation = Conversation.objects.get(pk=failed.conversation_id)
    add_message(conversation, role="user", text="Never mind.")
    conversation.save()
    page = parse(alice_client.post(url(failed), headers=HTMX))
    assert page.one("article")["data-parent"] == str(failed.parent_id)


def test_too_many_running_replies_are_refused(
    alice_client: Client, alice: User, failed: Message, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    add_pending_reply(make_conversation(alice, "Question"))
    response = alice_client.post(url(failed))
    assert response.status_code == 409
    assert "1 of your replies" in parse(response).by_id("composer-error").text


@pytest.mark.parametrize("number", [0, 10**30])
def test_a_message_that_never_was_is_not_found(
    alice_client: Client, conversation: Conversation, number: int
) -> None:
    response = alice_client.post(f"/c/{conversation.pk}/messages/{number}/retry/")
    assert response.status_code == 404


def test_a_message_of_another_conversation_is_not_found(
    alice_client: Client, alice: User, failed: Message
) -> None:
    other = make_conversation(alice, "Other")
    response = alice_client.post(f"/c/{other.pk}/messages/{failed.pk}/retry/")
    assert response.status_code == 404


def test_what_may_not_be_whole_can_be_tried_again(
    alice_client: Client, conversation: Conversation
) -> None:
    reply = add_message(
        conversation, role="assistant", text="One", finish_reason="cosmic_ray", parent_id=None
    )
    conversation.save()
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert url(reply) in [form.attributes.get("action") for form in page.all("form")]
    assert alice_client.post(url(reply), headers=HTMX).status_code == 200

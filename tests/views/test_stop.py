"""Stopping a reply."""

import pytest
from django.test import Client

from conversations.models import Conversation
from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.services.replies.channel import get_channel
from tests.factories import add_pending_reply
from tests.services.writing import wait_for_more, wait_for_replies
from tests.views.html import HTMX, parse


@pytest.fixture
def url(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/stop/"


def test_a_reply_that_nobody_writes_is_stopped(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    reply = add_pending_reply(conversation)
    page = parse(alice_client.post(url, headers=HTMX))
    reply.refresh_from_db()
    assert reply.status == "stopped"
    assert page.one("hx-partial")["hx-target"] == f"#m{reply.pk}"
    assert page.messages() == [("assistant", "stopped")]


def test_a_browser_without_htmx_goes_back_to_the_conversation(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    add_pending_reply(conversation)
    response = alice_client.post(url)
    assert (response.status_code, response["Location"]) == (302, f"/c/{conversation.pk}/")


def test_a_reply_that_has_just_finished_is_shown_as_it_is(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    page = parse(alice_client.post(url, headers=HTMX))
    assert page.messages() == [("assistant", "complete")]
    assert page.bodies() == ["Hello to you."]


def test_a_stopped_reply_can_be_tried_again(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    reply = add_pending_reply(conversation)
    page = parse(alice_client.post(url, headers=HTMX))
    assert page.all("form", action=f"/c/{conversation.pk}/messages/{reply.pk}/retry/")


@pytest.mark.django_db(transaction=True)
def test_the_call_to_the_model_ends_and_the_text_stays(
    alice_client: Client, conversation: Conversation, url: str, model: OfflineModel
) -> None:
    gate = Gate()
    model.script(Fault(gate=gate, text="One two three."))
    alice_client.post(f"/c/{conversation.pk}/messages/", {"text": "Count", "token": "t"})
    gate.release()
    (reply,) = get_channel().list_replies()
    assert wait_for_more(reply, 0)
    page = parse(alice_client.post(url, headers=HTMX))
    assert page.messages() == [("assistant", "stopped")]
    assert page.bodies() == ["One"]


@pytest.mark.django_db(transaction=True)
def test_a_silent_model_can_be_stopped_and_the_next_message_sent(
    alice_client: Client, conversation: Conversation, url: str, model: OfflineModel
) -> None:
    model.script(Fault(stall="headers"))
    send_url = f"/c/{conversation.pk}/messages/"
    alice_client.post(send_url, {"text": "Count", "token": "one"})
    model.wait_for_request()
    assert parse(alice_client.post(url, headers=HTMX)).messages() == [("assistant", "stopped")]
    assert alice_client.post(send_url, {"text": "Again", "token": "two"}).status_code == 302
    wait_for_replies()
    assert conversation.messages.latest("id").status == "complete"

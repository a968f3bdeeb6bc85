"""The new chat: its page, and the first message, which makes the conversation."""

import uuid

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from tests.factories import add_pending_reply, make_conversation
from tests.views.html import HTMX, parse

FORM = {"text": "What is SSE?", "token": "a form"}


def test_it_greets_and_offers_ways_to_begin(alice_client: Client) -> None:
    page = parse(alice_client.get("/"))
    assert page.one("h1").text == "What would you like to talk about?"
    assert len(page.all("button", form="composer", name="text")) == 4


def test_each_form_has_a_token_of_its_own(alice_client: Client) -> None:
    first, second = (parse(alice_client.get("/")).by_id("form-token")["value"] for _ in range(2))
    assert len(first) >= 16
    assert first != second


def test_a_first_message_makes_a_conversation_titled_by_it(
    alice_client: Client, alice: User
) -> None:
    response = alice_client.post("/", FORM)
    conversation = alice.conversations.get()
    assert (response.status_code, response["Location"]) == (302, f"/c/{conversation.pk}/")
    assert conversation.title == "What is SSE?"


def test_a_first_message_and_its_reply_are_on_the_conversations_page(alice_client: Client) -> None:
    page = parse(alice_client.post("/", FORM, follow=True))
    assert page.messages() == [("user", "complete"), ("assistant", "streaming")]
    assert page.bodies()[0] == "What is SSE?"


def test_htmx_gets_the_main_column_and_the_new_address(alice_client: Client, alice: User) -> None:
    response = alice_client.post("/", FORM, headers=HTMX)
    conversation = alice.conversations.get()
    assert response.status_code == 200
    assert response["HX-Push-Url"] == f"/c/{conversation.pk}/"
    assert response["HX-Trigger"] == "conversations:changed"
    page = parse(response)
    assert [element.tag for element in page.elements[1:2]] == ["main"]
    assert page.messages() == [("user", "complete"), ("assistant", "streaming")]


def test_htmx_and_browsers_are_told_apart_by_caches(alice_client: Client) -> None:
    assert "HX-Request" in alice_client.get("/")["Vary"]


def test_the_same_form_sent_twice_makes_one_conversation(alice_client: Client, alice: User) -> None:
    first, second = (alice_client.post("/", FORM) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert alice.conversations.get().messages.count() == 2


def test_the_same_form_of_two_users_makes_two_conversations(
    alice_client: Client, bob_client: Client
) -> None:
    first, second = alice_client.post("/", FORM), bob_client.post("/", FORM)
    assert first["Location"] != second["Location"]


def test_another_form_with_the_same_text_makes_another_conversation(
    alice_client: Client, alice: User
) -> None:
    for token in ("one form", "another form"):
        alice_client.post("/", {"text": "Hello", "token": token})
    assert alice.conversations.count() == 2


def test_a_starter_is_sent_where_the_box_is_empty(alice_client: Client) -> None:
    alice_client.post("/", {"text": ["", "Compare two databases."], "token": "a form"})
    assert Message.objects.get(role="user").text == "Compare two databases."


def test_what_was_typed_goes_before_a_starter(alice_client: Client) -> None:
    alice_client.post("/", {"text": ["My own words.", "Compare two databases."], "token": "a form"})
    assert Message.objects.get(role="user").text == "My own words."


@pytest.mark.parametrize("text", ["", "   \n\t ", "\x00"])
def test_an_empty_message_is_refused(alice_client: Client, text: str) -> None:
    response = alice_client.post("/", {"text": text, "token": "a form"})
    assert response.status_code == 422
    assert parse(response).by_id("composer-error").text == "Write a message first."
    assert not Conversation.objects.exists()


def test_htmx_gets_a_refusal_as_a_sentence(alice_client: Client) -> None:
    response = alice_client.post("/", {"text": ""}, headers=HTMX)
    assert response.status_code == 422
    assert response.content.decode().strip() == "Write a message first."


def test_a_message_too_long_is_refused_and_stays_in_the_box(
    alice_client: Client, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 100
    text = "A word. " * 500
    response = alice_client.post("/", {"text": text, "token": "a form"})
    page = parse(response)
    assert response.status_code == 422
    assert "too long" in page.by_id("composer-error").text
    assert page.by_id("composer-text").text.strip() == text.strip()


def test_a_refused_form_comes_back_as_the_new_chat(alice_client: Client) -> None:
    page = parse(alice_client.post("/", {"text": ""}))
    assert page.by_id("composer")["action"] == "/"
    assert page.one("h1").text == "What would you like to talk about?"


def test_too_many_running_replies_are_refused(
    alice_client: Client, alice: User, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 2
    for number in range(2):
        add_pending_reply(make_conversation(alice, f"Question {number}"))
    response = alice_client.post("/", FORM)
    page = parse(response)
    assert response.status_code == 409
    assert "2 of your replies are still being written" in page.by_id("composer-error").text
    assert page.by_id("composer-text").text.strip() == "What is SSE?"


def test_a_refused_form_can_be_sent_again_later(
    alice_client: Client, alice: User, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    reply = add_pending_reply(make_conversation(alice, "Question"))
    assert alice_client.post("/", FORM).status_code == 409
    Message.objects.filter(pk=reply.pk).update(status="stopped")
    assert alice_client.post("/", FORM).status_code == 302


def test_the_running_replies_of_others_dont_count(
    alice_client: Client, bob: User, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    add_pending_reply(make_conversation(bob, "Question"))
    assert alice_client.post("/", FORM).status_code == 302


def test_characters_that_a_database_cant_store_are_dropped(alice_client: Client) -> None:
    alice_client.post("/", {"text": "nul\x00 here", "token": "nul\x00 token"})
    assert Message.objects.get(role="user").text == "nul here"


def test_an_unknown_address_of_a_conversation_is_not_the_new_chat(alice_client: Client) -> None:
    assert alice_client.get(f"/c/{uuid.uuid4()}/").status_code == 404


def test_htmx_gets_a_sentence_for_a_message_far_too_long(alice_client: Client) -> None:
    response = alice_client.post("/", {"text": "a" * 6_000_000, "token": "t"}, headers=HTMX)
    assert response["Content-Type"].startswith("text/plain")

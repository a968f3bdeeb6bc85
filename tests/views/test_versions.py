"""Versions on the page: the form to edit a message, what a new version brings, switching."""

import pytest
from django.test import Client

from conversations.models import Conversation, Message
from tests.factories import add_message, add_pending_reply
from tests.views.html import HTMX, parse

FORM = {"text": "Edited", "token": "a form"}


@pytest.fixture
def asked(conversation: Conversation) -> Message:
    return conversation.messages.get(role="user")


@pytest.fixture
def reply(conversation: Conversation) -> Message:
    return conversation.messages.get(role="assistant")


def url(message: Message, action: str) -> str:
    return f"/c/{message.conversation_id}/messages/{message.pk}/{action}/"


def add_version(reply: Message, text: str = "Again") -> Message:
    """Another version of a reply, which is shown."""
    conversation = reply.conversation
    added = add_message(
        conversation, role="assistant", text=text, parent_id=reply.parent_id, status="complete"
    )
    conversation.save()
    return added


def test_the_form_has_the_text_of_the_message(alice_client: Client, asked: Message) -> None:
    page = parse(alice_client.get(url(asked, "edit"), headers=HTMX))
    assert page.one("textarea", aria_label="Edit message").text.strip() == asked.text


def test_without_scripts_the_form_is_on_the_page(alice_client: Client, asked: Message) -> None:
    page = parse(alice_client.get(url(asked, "edit")))
    assert page.one("textarea", aria_label="Edit message").text.strip() == asked.text
    assert page.one("textarea", aria_label="Message")


def test_an_edited_message_brings_its_turn(alice_client: Client, asked: Message) -> None:
    page = parse(alice_client.post(url(asked, "edit"), FORM, headers=HTMX))
    assert page.messages() == [("user", "complete"), ("assistant", "streaming")]
    assert page.all("article")[0]["data-parent"] == ""


def test_without_scripts_an_edited_message_leads_to_the_conversation(
    alice_client: Client, asked: Message
) -> None:
    response = alice_client.post(url(asked, "edit"), FORM)
    edited = Message.objects.get(text="Edited")
    assert response["Location"] == f"{asked.conversation.get_absolute_url()}#m{edited.pk}"


def test_an_edited_reply_brings_itself(alice_client: Client, reply: Message) -> None:
    page = parse(alice_client.post(url(reply, "edit"), FORM, headers=HTMX))
    assert page.messages() == [("assistant", "complete")]
    assert "Edited by you" in page.text


def test_a_refused_edit_is_a_sentence(
    alice_client: Client, conversation: Conversation, asked: Message
) -> None:
    add_pending_reply(conversation)
    response = alice_client.post(url(asked, "edit"), FORM, headers=HTMX)
    assert response.status_code == 409
    assert parse(response).text.startswith("A reply is still being written.")


def test_without_scripts_a_refused_edit_is_the_page_with_what_was_typed(
    alice_client: Client, conversation: Conversation, asked: Message
) -> None:
    add_pending_reply(conversation)
    response = alice_client.post(url(asked, "edit"), FORM)
    assert response.status_code == 409
    page = parse(response)
    assert page.one("textarea", aria_label="Edit message").text.strip() == "Edited"
    assert "still being written" in page.by_id(f"m{asked.pk}-edit-error").text


def test_a_reply_that_is_being_written_cant_be_edited(
    alice_client: Client, conversation: Conversation
) -> None:
    running = add_pending_reply(conversation)
    assert alice_client.get(url(running, "edit")).status_code == 404


def test_a_message_with_versions_says_which_it_is(alice_client: Client, reply: Message) -> None:
    add_version(reply)
    page = parse(alice_client.get(reply.conversation.get_absolute_url()))
    assert "2 / 2" in page.text
    previous = page.one("button", aria_label="Previous version")
    assert previous["value"] == str(reply.pk)


def test_a_message_without_versions_says_nothing_of_them(
    alice_client: Client, conversation: Conversation
) -> None:
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert not page.all("button", aria_label="Previous version")


def test_switching_brings_the_branch_from_the_version_on(
    alice_client: Client, reply: Message
) -> None:
    add_version(reply)
    show = f"/c/{reply.conversation_id}/show/"
    page = parse(alice_client.post(show, {"version": reply.pk}, headers=HTMX))
    assert page.one("article")["id"] == f"m{reply.pk}"
    assert Conversation.objects.get().leaf == reply


@pytest.mark.parametrize("version", ["", "x", "0", "9" * 40])
def test_a_version_that_there_is_not_is_not_found(
    alice_client: Client, conversation: Conversation, version: str
) -> None:
    response = alice_client.post(f"/c/{conversation.pk}/show/", {"version": version})
    assert response.status_code == 404


def test_the_article_that_ends_a_stream_has_its_versions(
    alice_client: Client, reply: Message
) -> None:
    again = add_version(reply)
    response = alice_client.get(url(again, "stream"))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert b"2 / 2" in content


def test_a_reply_asked_for_shorter_says_so(alice_client: Client, reply: Message) -> None:
    Message.objects.filter(pk=reply.pk).update(instruction="shorter")
    page = parse(alice_client.get(reply.conversation.get_absolute_url()))
    assert "Shorter" in page.by_id(f"m{reply.pk}").text

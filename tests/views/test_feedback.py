"""Feedback on a reply: two buttons, and a form to say why."""

import pytest
from django.test import Client

from conversations.models import Conversation, Feedback
from tests.factories import add_message, add_pending_reply
from tests.views.html import HTMX, Page, parse

WHY = {"rating": "down", "reason": "wrong", "comment": "It is blue."}


@pytest.fixture
def url(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/messages/{conversation.leaf_id}/feedback/"


def pressed(page: Page) -> dict[str, str]:
    """The buttons, and whether they are pressed."""
    buttons = page.all("button", name="rating")
    return {each["aria-label"]: each["aria-pressed"] for each in buttons}


def test_a_reply_has_two_buttons(alice_client: Client, conversation: Conversation) -> None:
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert pressed(page) == {"Good reply": "false", "Bad reply": "false"}
    assert page.all("details") == []


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_a_reply_without_text_has_none(
    alice_client: Client, conversation: Conversation, status: str
) -> None:
    conversation.messages.filter(role="assistant").update(status=status, text="")
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert pressed(page) == {}


def test_a_click_is_enough(alice_client: Client, conversation: Conversation, url: str) -> None:
    page = parse(alice_client.post(url, {"rating": "down"}, headers=HTMX))
    assert pressed(page) == {"Good reply": "false", "Bad reply": "true"}
    assert Feedback.objects.get().rating == "down"


def test_after_a_click_the_form_is_open(alice_client: Client, url: str) -> None:
    page = parse(alice_client.post(url, {"rating": "down"}, headers=HTMX))
    assert "open" in page.one("details").attributes
    assert page.one("textarea", name="comment")
    assert len(page.all("input", name="reason")) == 6


def test_who_liked_it_is_not_asked_what_was_wrong(alice_client: Client, url: str) -> None:
    page = parse(alice_client.post(url, {"rating": "up"}, headers=HTMX))
    assert page.all("input", name="reason") == []
    assert page.one("textarea", name="comment")


def test_the_page_shows_what_was_given(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    alice_client.post(url, WHY)
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert pressed(page)["Bad reply"] == "true"
    assert "open" not in page.one("details").attributes
    assert page.one("textarea", name="comment").text == "It is blue."
    (reason,) = page.all("input", name="reason", checked="")
    assert reason["value"] == "wrong"


def test_a_second_click_takes_it_back(alice_client: Client, url: str) -> None:
    page = parse(alice_client.post(url, WHY, headers=HTMX))
    assert [each["value"] for each in page.all("button", name="rating")] == ["up", ""]
    page = parse(alice_client.post(url, {"rating": ""}, headers=HTMX))
    assert pressed(page) == {"Good reply": "false", "Bad reply": "false"}
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"rating": "up"}, "Your feedback is saved. You can say why below."),
        (WHY, "Your feedback is saved."),
        ({"rating": ""}, "Your feedback was taken back."),
    ],
)
def test_screen_readers_are_told(
    alice_client: Client, url: str, form: dict[str, str], words: str
) -> None:
    page = parse(alice_client.post(url, form, headers=HTMX))
    assert page.one("hx-partial", hx_target="#announcer").text == words


def test_without_htmx_the_page_opens_the_form(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    response = alice_client.post(url, {"rating": "up"})
    assert response.status_code == 302
    place = f"#m{conversation.leaf_id}-why-form"
    assert response["Location"] == conversation.get_absolute_url() + place


def test_without_htmx_the_way_leads_back_to_earlier_messages(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    page = f"/c/{conversation.pk}/messages/?before={conversation.leaf_id}"
    response = alice_client.post(url, WHY, headers={"Referer": f"http://testserver{page}"})
    assert response["Location"] == f"{page}#m{conversation.leaf_id}-feedback"


@pytest.mark.parametrize("referer", ["https://evil.example/", "http://testserver/c/1/", "http://["])
def test_the_way_back_is_always_the_conversation(
    alice_client: Client, conversation: Conversation, url: str, referer: str
) -> None:
    response = alice_client.post(url, WHY, headers={"Referer": referer})
    assert response["Location"].startswith(conversation.get_absolute_url())


def test_a_refused_comment_gets_a_sentence(alice_client: Client, url: str) -> None:
    response = alice_client.post(url, WHY | {"comment": "x" * 2001}, headers=HTMX)
    assert response.status_code == 422
    assert response.content.decode().startswith("A comment has at most 2,000 characters")


def test_without_htmx_what_was_typed_stands_beside_the_sentence(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    response = alice_client.post(url, WHY | {"comment": "x" * 2001})
    page = parse(response)
    assert response.status_code == 422
    assert page.one("textarea", name="comment").text == "x" * 2001
    assert page.by_id(f"m{conversation.leaf_id}-why-error").text.startswith("A comment has")
    assert "open" in page.one("details").attributes


@pytest.mark.parametrize(
    "form", [{"rating": "sideways"}, WHY | {"rating": "\x00"}, WHY | {"reason": "\x00"}]
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_nonsense_is_refused(
    alice_client: Client, url: str, form: dict[str, str], headers: dict[str, str]
) -> None:
    assert alice_client.post(url, form, headers=headers).status_code == 422


def test_nobody_elses_replies_can_be_rated(
    bob_client: Client, ada_client: Client, url: str
) -> None:
    for client in (bob_client, ada_client):
        assert client.post(url, {"rating": "up"}).status_code == 404
    assert not Feedback.objects.exists()


def test_a_message_of_the_user_takes_none(alice_client: Client, conversation: Conversation) -> None:
    message = add_message(conversation, role="user", text="And?")
    url = f"/c/{conversation.pk}/messages/{message.pk}/feedback/"
    assert alice_client.post(url, {"rating": "up"}).status_code == 404


@pytest.mark.parametrize("number", [10**18, 10**30])
def test_a_huge_number_is_nowhere(
    alice_client: Client, conversation: Conversation, number: int
) -> None:
    url = f"/c/{conversation.pk}/messages/{number}/feedback/"
    assert alice_client.post(url, {"rating": "up"}).status_code == 404


def test_a_stopped_reply_shows_its_feedback(
    alice_client: Client, conversation: Conversation
) -> None:
    """As does whatever else renders a message by itself."""
    reply = add_pending_reply(conversation)
    conversation.messages.filter(pk=reply.pk).update(text="So far")
    page = parse(alice_client.post(f"/c/{conversation.pk}/stop/", headers=HTMX))
    assert pressed(page) == {"Good reply": "false", "Bad reply": "false"}

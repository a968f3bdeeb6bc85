"""Renaming a conversation."""

import pytest
from django.test import Client

from conversations.models import Conversation
from tests.views.html import HTMX, parse


@pytest.fixture
def url(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/rename/"


def test_the_browser_goes_back_to_the_conversation(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    page = parse(alice_client.post(url, {"title": "Salutations"}, follow=True))
    assert page.one("h1").text == "Salutations"


def test_htmx_gets_the_header_and_the_window_title(alice_client: Client, url: str) -> None:
    page = parse(alice_client.post(url, {"title": "Salutations"}, headers=HTMX))
    assert page.by_id("conversation-header")
    assert page.one("h1").text == "Salutations"
    assert page.one("title").text.startswith("Salutations")


def test_the_sidebar_is_told(alice_client: Client, url: str) -> None:
    response = alice_client.post(url, {"title": "Salutations"}, headers=HTMX)
    assert response["HX-Trigger"] == "conversations:changed"


def test_the_title_is_the_users_from_then_on(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    alice_client.post(url, {"title": "Salutations"})
    conversation.refresh_from_db()
    assert conversation.title_source == "user"


def test_renaming_does_not_move_a_conversation_in_the_list(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    before = conversation.last_activity_at
    alice_client.post(url, {"title": "Salutations"})
    conversation.refresh_from_db()
    assert conversation.last_activity_at == before


def test_white_space_and_nul_are_tidied_away(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    alice_client.post(url, {"title": "  Two\n\x00 lines\t"})
    conversation.refresh_from_db()
    assert conversation.title == "Two lines"


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("", "Write a title first."),
        ("\x00 \n", "Write a title first."),
        ("\u200b\u2060", "Write a title first."),
        ("a" * 121, "A title has at most 120 characters. Shorten it."),
    ],
)
def test_a_title_that_cant_be_is_refused(
    alice_client: Client, conversation: Conversation, url: str, title: str, sentence: str
) -> None:
    response = alice_client.post(url, {"title": title}, headers=HTMX)
    assert (response.status_code, response.content.decode()) == (422, sentence)
    conversation.refresh_from_db()
    assert conversation.title == "Greetings"


def test_without_htmx_a_refusal_is_on_the_page(alice_client: Client, url: str) -> None:
    response = alice_client.post(url, {"title": ""})
    assert response.status_code == 422
    assert "Write a title first." in parse(response).text

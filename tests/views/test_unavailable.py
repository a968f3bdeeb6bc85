"""A database that can't be written, or not be reached: pages are read, forms say what happened."""

from collections.abc import Iterator

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection
from django.test import Client

from conversations.models import Conversation, Message
from tests.server.outages import locked_database
from tests.views.html import HTMX, parse

pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="Only on SQLite: one writer"),
    pytest.mark.django_db(transaction=True),
]

PAGES = [
    "/",
    "/conversations/",
    "/c/{c}/",
    "/c/{c}/messages/{m}/source/",
    "/accounts/profile/",
    "/accounts/sessions/",
    "/accounts/usage/",
    "/accounts/data/",
    "/accounts/2fa/",
    "/accounts/password/change/",
]


@pytest.fixture
def browser(alice_client: Client, conversation: Conversation) -> Client:
    """alice's, which tells a zone that isn't known yet; the HTML of the reply is out of date."""
    alice_client.cookies["time_zone"] = "Asia%2FTokyo"
    alice_client.raise_request_exception = False
    Message.objects.update(html_version=0)
    cache.clear()
    return alice_client


@pytest.fixture
def locked(browser: Client) -> Iterator[None]:
    with locked_database():
        yield


@pytest.mark.parametrize("path", PAGES)
def test_what_is_only_read_is_shown(
    browser: Client, conversation: Conversation, locked: None, path: str
) -> None:
    address = path.format(c=conversation.pk, m=conversation.leaf_id)
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/livez/"])
def test_so_is_what_is_shown_to_whoever_is_signed_out(
    client: Client, locked: None, path: str
) -> None:
    assert client.get(path).status_code == 200


def test_a_session_that_was_not_noted_down_is_noted_down_later(
    browser: Client, conversation: Conversation
) -> None:
    with locked_database():
        browser.get("/")
    browser.get("/")
    assert UserSession.objects.filter(user=conversation.owner).count() == 1


def test_a_message_that_can_not_be_taken_is_shown_to_be_copied(
    browser: Client, conversation: Conversation, locked: None
) -> None:
    response = browser.post(f"/c/{conversation.pk}/messages/", {"text": "Hello <again>"})
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert parse(response).one("textarea").text == "Hello <again>"
    assert "Your message wasn’t sent." in parse(response).text


def test_htmx_is_told_in_a_sentence(
    browser: Client, conversation: Conversation, locked: None
) -> None:
    response = browser.post(f"/c/{conversation.pk}/messages/", {"text": "Hi"}, headers=HTMX)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response.text == "The server can’t reach its database right now. Try again in a moment."


def test_who_can_not_be_signed_in_is_told_the_same(client: Client, locked: None) -> None:
    client.raise_request_exception = False
    form = {"login": "alice", "password": "correct horse"}
    response = client.post("/accounts/login/", form)
    assert response.status_code == 503
    assert "Everything you sent is safe." in parse(response).text


def test_after_the_outage_the_message_is_taken(browser: Client, conversation: Conversation) -> None:
    form = {"text": "Hello again", "token": "a form"}
    with locked_database():
        browser.post(f"/c/{conversation.pk}/messages/", form)
    assert browser.post(f"/c/{conversation.pk}/messages/", form).status_code == 302
    assert conversation.messages.filter(text="Hello again").count() == 1

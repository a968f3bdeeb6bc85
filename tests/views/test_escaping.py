"""What people and models write is text on every page, never markup."""

from collections.abc import Callable

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from tests.factories import make_conversation
from tests.views.html import HTMX, parse

EVIL = """<img src=x onerror="alert(1)">'"></title></textarea><script>alert(2)</script>&amp;"""


@pytest.fixture
def evil(alice: User) -> Conversation:
    User.objects.filter(pk=alice.pk).update(name=EVIL)
    return make_conversation(alice, EVIL, EVIL, title=EVIL)


type Get = Callable[[Client, Conversation], bytes]

PAGES: dict[str, Get] = {
    "the conversation": lambda client, shown: client.get(shown.get_absolute_url()).content,
    "the new chat": lambda client, shown: client.get("/").content,
    "the list": lambda client, shown: client.get("/conversations/", headers=HTMX).content,
    "earlier messages": lambda client, shown: (
        client.get(f"/c/{shown.pk}/messages/", {"before": str(shown.leaf_id)}, headers=HTMX).content
    ),
    "a renamed header": lambda client, shown: (
        client.post(f"/c/{shown.pk}/rename/", {"title": EVIL}, headers=HTMX).content
    ),
    "a turn": lambda client, shown: (
        client.post(f"/c/{shown.pk}/messages/", {"text": EVIL, "token": EVIL}, headers=HTMX).content
    ),
    "a first turn": lambda client, shown: (
        client.post("/", {"text": EVIL, "token": EVIL}, headers=HTMX).content
    ),
    "a refused message": lambda client, shown: (
        client.post("/", {"text": EVIL * 20_000, "token": EVIL}).content
    ),
    "a refused title": lambda client, shown: (
        client.post(f"/c/{shown.pk}/rename/", {"title": EVIL * 9}).content
    ),
    "a page that is not there": lambda client, shown: client.get(f"/{EVIL}/").content,
}


@pytest.mark.parametrize("name", PAGES)
def test_markup_stays_text(alice_client: Client, evil: Conversation, name: str) -> None:
    content = PAGES[name](alice_client, evil)
    assert content
    assert b"<script>alert" not in content
    assert b"<img" not in content


def test_a_message_reads_as_it_was_typed(alice_client: Client, evil: Conversation) -> None:
    page = parse(alice_client.get(evil.get_absolute_url()))
    assert page.bodies()[0] == EVIL


def test_a_title_reads_as_it_was_typed(alice_client: Client, evil: Conversation) -> None:
    page = parse(alice_client.get(evil.get_absolute_url()))
    assert page.one("h1").text == EVIL
    assert page.by_id("rename-title")["value"] == EVIL


def test_a_draft_comes_back_as_it_was_typed(alice_client: Client, evil: Conversation) -> None:
    text = EVIL + "\n" + "word " * 200_000
    page = parse(alice_client.post("/", {"text": text, "token": "t"}))
    assert page.by_id("composer-text").text.strip() == text.strip()


def test_links_with_scripts_go_nowhere(alice_client: Client, alice: User) -> None:
    conversation = make_conversation(alice, "Hello", "[click](javascript:alert(1))")
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert not [a for a in page.all("a") if "javascript" in a.attributes.get("href", "")]


def test_attributes_of_htmx_are_not_taken_from_a_reply(alice_client: Client, alice: User) -> None:
    text = '<kbd hx-get="/evil/" data-hx-get="/evil/" hx-trigger="load">x</kbd>'
    conversation = make_conversation(alice, "Hello", text)
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert not [e for e in page.elements if "/evil/" in e.attributes.values()]


def test_messages_stand_where_htmx_reads_nothing(alice_client: Client, evil: Conversation) -> None:
    page = parse(alice_client.get(evil.get_absolute_url()))
    bodies = [e for e in page.elements if "message-body" in e.attributes.get("class", "")]
    assert len(bodies) == 2
    assert all("hx-ignore" in body.attributes for body in bodies)

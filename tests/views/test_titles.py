"""The model's title comes with the list that a page fetches when the feed has told a change."""

import json

import pytest
from django.test import Client

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.offline_model import Fault, OfflineModel
from tests.factories import make_conversation
from tests.services.titling import hold_title, wait_titled
from tests.services.writing import write_reply
from tests.views.html import HTMX
from tests.views.streams import events

pytestmark = pytest.mark.usefixtures("titles")


@pytest.fixture
def untitled(alice: User) -> Conversation:
    return make_conversation(alice, "How do heaps work?", title="How do")


def fetch_list(client: Client, shown: Conversation) -> str:
    """The list, as the page that shows the conversation fetches it."""
    address = f"http://testserver{shown.get_absolute_url()}"
    return client.get("/conversations/", headers=HTMX | {"HX-Current-URL": address}).text


def test_the_feed_tells_that_there_is_a_title(
    alice_client: Client, untitled: Conversation, model: OfflineModel
) -> None:
    gate = hold_title(untitled, model)
    feed = events(alice_client, "/conversations/feed/")
    before = json.loads(next(feed).removeprefix("data:"))["listChanges"]
    gate.open()
    wait_titled(untitled)
    assert json.loads(next(feed).removeprefix("data:"))["listChanges"] == before + 1


def test_the_title_is_put_into_all_its_places(alice_client: Client, untitled: Conversation) -> None:
    untitled.title = "Heaps of fun"
    untitled.save()
    sent = fetch_list(alice_client, untitled)
    assert "<title>Heaps of fun · Chat</title>" in sent
    for place in ("conversation-title", "rename-title", "delete-sentence"):
        assert f'hx-target="#{place}"' in sent


def test_a_page_that_shows_no_conversation_keeps_its_heading(
    alice_client: Client, untitled: Conversation
) -> None:
    assert "conversation-title" not in alice_client.get("/conversations/", headers=HTMX).text


def test_a_title_of_the_model_s_is_escaped(
    alice_client: Client, untitled: Conversation, model: OfflineModel
) -> None:
    model.script(Fault(text="Four."), Fault(text="<script>alert(1)</script>"))
    write_reply(untitled)
    wait_titled(untitled)
    assert "<script" not in fetch_list(alice_client, untitled)

"""Sending a message in a conversation."""

import pytest
from django.forms import model_to_dict
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations import queries
from conversations.models import Conversation
from conversations.offline_model import Fault, OfflineModel
from conversations.services import turns
from conversations.views.messages import read_turn_page
from tests.factories import add_pending_reply
from tests.services.writing import wait_for_replies
from tests.views.html import HTMX, parse

FORM = {"text": "Go on.", "token": "a form"}


@pytest.fixture
def url(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/messages/"


def test_the_browser_goes_back_to_the_conversation(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    response = alice_client.post(url, FORM)
    assert (response.status_code, response["Location"]) == (302, f"/c/{conversation.pk}/")
    page = parse(alice_client.get(response["Location"]))
    assert page.messages()[2:] == [("user", "complete"), ("assistant", "streaming")]


def test_htmx_gets_both_messages(alice_client: Client, url: str) -> None:
    response = alice_client.post(url, FORM, headers=HTMX)
    page = parse(response)
    assert response.status_code == 200
    assert page.messages() == [("user", "complete"), ("assistant", "streaming")]
    assert page.bodies() == ["Go on.", ""]


def test_htmx_gets_a_fresh_token_and_an_empty_error(alice_client: Client, url: str) -> None:
    page = parse(alice_client.post(url, FORM, headers=HTMX))
    fresh = page.by_id("form-token")["value"]
    assert fresh not in {"", "a form"}
    assert page.one("hx-partial", hx_target="#composer-error").text == ""


def test_the_sidebar_is_told(alice_client: Client, url: str) -> None:
    response = alice_client.post(url, FORM, headers=HTMX)
    assert response["HX-Trigger"] == "conversations:changed"


def test_the_reply_connects_to_its_stream(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    page = parse(alice_client.post(url, FORM, headers=HTMX))
    reply = conversation.messages.get(status="streaming")
    stream = page.by_id(f"m{reply.pk}-stream")
    assert stream["hx-sse:connect"] == f"{url}{reply.pk}/stream/"


def test_the_same_form_sent_twice_makes_one_turn(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    pages = [parse(alice_client.post(url, FORM, headers=HTMX)) for _ in range(2)]
    first, second = ([a["id"] for a in page.all("article")] for page in pages)
    assert first == second
    assert conversation.messages.count() == 4


def test_the_turn_hangs_under_what_was_said_before(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    alice_client.post(url, FORM)
    sent = conversation.messages.get(text="Go on.")
    assert sent.parent_id == conversation.leaf_id


def test_an_empty_message_is_refused(alice_client: Client, url: str) -> None:
    response = alice_client.post(url, {"text": " ", "token": "a form"}, headers=HTMX)
    assert (response.status_code, response.content.strip()) == (422, b"Write a message first.")


def test_a_message_while_a_reply_runs_is_refused(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    add_pending_reply(conversation)
    response = alice_client.post(url, FORM, headers=HTMX)
    assert response.status_code == 409
    assert response.content.decode().strip() == (
        "A reply is still being written. Wait for it or stop it, then send this again."
    )
    assert not conversation.messages.filter(text="Go on.").exists()


def test_a_refused_message_stays_in_the_box_of_the_page(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    add_pending_reply(conversation)
    response = alice_client.post(url, FORM)
    page = parse(response)
    assert response.status_code == 409
    assert page.by_id("composer-text").text.strip() == "Go on."
    assert "still being written" in page.by_id("composer-error").text
    assert len(page.all("article")) == 3


@pytest.mark.django_db
def test_a_message_sent_after_the_session_ended_is_shown_to_be_copied(
    client: Client, url: str
) -> None:
    response = client.post(url, {"text": "My long <thought>", "token": "t"})
    assert response.status_code == 403
    page = parse(response)
    assert page.one("textarea").text == "My long <thought>"
    assert page.all("a", href="/accounts/login/")


def test_a_form_sent_again_while_its_own_reply_runs_is_no_conflict(
    alice_client: Client, url: str
) -> None:
    assert [alice_client.post(url, FORM).status_code for _ in range(2)] == [302, 302]


def test_a_message_too_long_names_the_limit(
    alice_client: Client, url: str, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 1_000
    response = alice_client.post(url, FORM | {"text": "word " * 5_000}, headers=HTMX)
    assert response.status_code == 422
    assert "at most 1,000" in response.content.decode()


def test_sending_moves_the_conversation_to_the_top(
    alice_client: Client, conversation: Conversation, url: str
) -> None:
    before = conversation.last_activity_at
    alice_client.post(url, FORM)
    conversation.refresh_from_db()
    assert conversation.last_activity_at > before


@pytest.mark.django_db(transaction=True)
def test_the_model_writes_the_reply(
    alice_client: Client, conversation: Conversation, url: str, model: OfflineModel
) -> None:
    model.script(Fault(text="And so it goes."))
    alice_client.post(url, FORM, headers=HTMX)
    wait_for_replies()
    page = parse(alice_client.get(f"/c/{conversation.pk}/"))
    assert page.bodies()[2:] == ["Go on.", "And so it goes."]


@pytest.mark.django_db(transaction=True)
def test_what_the_model_refuses_is_explained_and_nothing_is_lost(
    alice_client: Client, conversation: Conversation, url: str, model: OfflineModel
) -> None:
    model.script(Fault(status=400))
    alice_client.post(url, FORM, headers=HTMX)
    wait_for_replies()
    page = parse(alice_client.get(f"/c/{conversation.pk}/"))
    assert page.messages()[2:] == [("user", "complete"), ("assistant", "failed")]
    assert page.bodies()[2] == "Go on."


def test_what_a_new_turn_brings_is_what_is_saved_of_it(
    alice: User, conversation: Conversation
) -> None:
    turn = turns.create_turn(
        owner=alice, conversation_id=conversation.pk, text="And now?", token="a"
    )
    for seen in (None, turn.message.parent_id):
        made = read_turn_page(turn, seen)
        saved = queries.read_page_below(turn.reply.conversation, turn.message.parent_id)
        assert made == saved
        assert [model_to_dict(each) for each in made.messages] == [
            model_to_dict(each) for each in saved.messages
        ]


def test_a_page_that_lacks_more_than_the_turn_gets_it(
    alice: User, conversation: Conversation
) -> None:
    first = conversation.messages.earliest("id")
    turn = turns.create_turn(
        owner=alice, conversation_id=conversation.pk, text="And now?", token="a", seen=first.pk
    )
    assert len(read_turn_page(turn, first.pk).messages) == 3

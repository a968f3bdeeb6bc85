"""The meter at the composer, and what it opens."""

from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.services.replies.channel import LiveReply
from tests.factories import add_message, make_conversation
from tests.views.html import HTMX, Page, parse
from tests.views.streams import finish, open_stream


def meters(page: Page) -> list[str]:
    labels = [button.attributes.get("aria-label", "") for button in page.all("button")]
    return [label for label in labels if label.startswith("Context ")]


def count(conversation: Conversation, **fields: object) -> None:
    conversation.messages.filter(role="assistant").update(**fields)


def test_a_conversation_says_how_full_its_context_is(
    alice_client: Client, conversation: Conversation, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 1000
    count(conversation, prompt_tokens=196, completion_tokens=4)
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert meters(page) == ["Context 20% full"]


def test_a_new_chat_has_no_meter(alice_client: Client) -> None:
    assert not meters(parse(alice_client.get("/")))


def test_earlier_messages_do_not_pass_for_the_end(alice_client: Client, alice: User) -> None:
    conversation = make_conversation(alice, *["Hello"] * 60)
    first = conversation.messages.earliest("pk")
    url = f"/c/{conversation.pk}/messages/?before={first.pk}"
    assert not meters(parse(alice_client.get(url)))


def test_it_opens_what_is_used_and_what_the_conversation_took(
    alice_client: Client, conversation: Conversation, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 1000
    count(conversation, prompt_tokens=196, completion_tokens=4, cost_usd="0.5")
    add_message(conversation, role="user", text="Aside")
    url = f"/c/{conversation.pk}/context/"
    words = parse(alice_client.get(url, headers=HTMX)).text
    assert "20% full: about 200 of 1,000 tokens" in words
    assert "196 tokens" in words
    assert "$0.5000" in words
    assert "costs about" in words


def test_where_older_messages_are_left_out_it_says_since_when(
    alice_client: Client, conversation: Conversation
) -> None:
    first = conversation.messages.get(role="user")
    count(conversation, context_start=first.pk)
    page = parse(alice_client.get(f"/c/{conversation.pk}/context/", headers=HTMX))
    assert "messages before" in page.text
    assert page.all("a", href=f"{conversation.get_absolute_url()}?message={first.pk}")


def test_without_scripts_it_is_a_page(alice_client: Client, conversation: Conversation) -> None:
    page = parse(alice_client.get(f"/c/{conversation.pk}/context/"))
    assert page.all("a", href=conversation.get_absolute_url())
    assert "Read so far" in page.all("dl")[0].text


def test_a_reply_that_ends_brings_the_new_share_along(
    alice_client: Client, running: LiveReply, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 1000
    running.publish("Hello", "")
    follower = open_stream(alice_client, running)
    finish(running, prompt_tokens=496, completion_tokens=4, text="Hello")
    assert "Context 50% full" in "".join(follower)

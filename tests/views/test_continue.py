"""Continuing a reply on the page: where the button is, what it brings, what other tabs get."""

import pytest
from django.test import Client
from django.utils import timezone

from conversations.models import Conversation, Message
from tests.factories import add_message, add_pending_reply
from tests.views.html import HTMX, Page, parse


@pytest.fixture
def stopped(conversation: Conversation) -> Message:
    """The reply that alice's conversation ends with."""
    reply = conversation.messages.get(role="assistant")
    Message.objects.filter(pk=reply.pk).update(status="stopped", finished_at=timezone.now())
    reply.refresh_from_db()
    return reply


def address(reply: Message) -> str:
    return f"/c/{reply.conversation_id}/messages/{reply.pk}/continue/"


def show(client: Client, conversation: Conversation) -> Page:
    return parse(client.get(conversation.get_absolute_url()))


def has_button(page: Page) -> bool:
    return any("Continue reply" in button.text for button in page.all("button"))


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "stopped"},
        {"status": "interrupted"},
        {"status": "failed", "error_code": "throttled"},
        {"finish_reason": "length"},
        {"finish_reason": "MAX_TOKENS"},
    ],
    ids=["stopped", "interrupted", "failed", "length", "its synonym"],
)
def test_a_reply_that_ended_early_can_be_continued(
    alice_client: Client, conversation: Conversation, fields: dict[str, str]
) -> None:
    conversation.messages.filter(role="assistant").update(**fields)
    assert has_button(show(alice_client, conversation))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"status": "stopped", "text": " \n"},
        {"status": "failed", "error_code": "bad_key"},
        {"finish_reason": "content_filter"},
        {"status": "stopped", "is_edited": True},
    ],
    ids=["whole", "empty", "in vain", "filtered", "edited"],
)
def test_another_reply_can_not(
    alice_client: Client, conversation: Conversation, fields: dict[str, object]
) -> None:
    conversation.messages.filter(role="assistant").update(**fields)
    assert not has_button(show(alice_client, conversation))


def test_it_comes_back_as_the_same_article_running(alice_client: Client, stopped: Message) -> None:
    form = {"token": stopped.ended_token, "seen": stopped.pk}
    response = alice_client.post(address(stopped), form, headers=HTMX)
    page = parse(response)
    assert page.messages() == [("assistant", "pending")]
    article = page.by_id(f"m{stopped.pk}")
    assert stopped.text in article.text
    assert page.by_id(f"m{stopped.pk}-stream")["hx-sse:connect"].endswith("/stream/")
    assert response["HX-Trigger"] == "conversations:changed"


def test_without_scripts_it_leads_to_the_reply(alice_client: Client, stopped: Message) -> None:
    response = alice_client.post(address(stopped), {"token": stopped.ended_token})
    assert response["Location"] == f"/c/{stopped.conversation_id}/#m{stopped.pk}"


def test_what_can_not_be_continued_is_told_in_a_sentence(
    alice_client: Client, conversation: Conversation
) -> None:
    reply = conversation.messages.get(role="assistant")
    response = alice_client.post(address(reply), headers=HTMX)
    assert response.status_code == 409
    assert "can’t be continued" in response.content.decode()


def test_a_page_that_does_not_know_what_follows_is_brought_it(
    alice_client: Client, stopped: Message
) -> None:
    conversation = stopped.conversation
    conversation.leaf = stopped
    add_message(conversation, role="user", text="And this?")
    conversation.save()
    response = alice_client.post(address(stopped), {"seen": stopped.pk}, headers=HTMX)
    assert response.status_code == 409
    assert parse(response).bodies() == ["And this?"]


def test_another_tab_gets_the_reply_that_was_continued(
    alice_client: Client, stopped: Message
) -> None:
    shown = {"seen": str(stopped.pk), "ended": stopped.ended_token}
    messages = f"/c/{stopped.conversation_id}/messages/"
    assert alice_client.get(messages, shown, headers=HTMX).status_code == 204
    Message.objects.filter(pk=stopped.pk).update(text="Longer", finished_at=timezone.now())
    page = parse(alice_client.get(messages, shown, headers=HTMX))
    assert page.one("hx-partial")["hx-target"] == f"#m{stopped.pk}"
    assert page.one("article")["id"] == f"m{stopped.pk}"


def test_a_tab_that_sends_gets_the_reply_that_was_continued(
    alice_client: Client, stopped: Message
) -> None:
    form = {"text": "More", "token": "a", "seen": stopped.pk, "ended": stopped.ended_token}
    Message.objects.filter(pk=stopped.pk).update(text="Longer", finished_at=timezone.now())
    page = parse(alice_client.post(f"/c/{stopped.conversation_id}/messages/", form, headers=HTMX))
    assert page.messages() == [
        ("assistant", "stopped"),
        ("user", "complete"),
        ("assistant", "streaming"),
    ]


def test_a_transcript_offers_nothing(rita_client: Client, stopped: Message) -> None:
    page = parse(rita_client.get(f"/admin/review/review/{stopped.conversation_id}/"))
    assert not has_button(page)


def test_a_running_reply_of_another_branch_refuses_it(
    alice_client: Client, stopped: Message
) -> None:
    add_pending_reply(stopped.conversation)
    response = alice_client.post(address(stopped), headers=HTMX)
    assert response.status_code == 409

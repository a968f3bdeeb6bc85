"""Budgets as the chat's pages show them: what is left, and a refusal that loses nothing."""

import pytest
from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import Limit, RecentMessage, UsageDay, User
from conversations.models import Conversation, Message
from conversations.services.replies.channel import LiveReply, get_channel
from tests.factories import add_message
from tests.views.html import HTMX, Page, parse

FORM = {"text": "Go on.", "token": "a form"}
USED_UP = "You have used today’s 50,000 tokens. They are available again tomorrow at 00:00."
LEFT = "About 9,500 of today’s 50,000 tokens are left."


@pytest.fixture
def used(alice: User) -> UsageDay:
    """What alice has used today, of 50,000 tokens: not much."""
    Limit.objects.create(tokens_per_day=50_000)
    return UsageDay.objects.create(user=alice, day=timezone.localdate(), prompt_tokens=10)


@pytest.fixture
def nearly(used: UsageDay) -> None:
    UsageDay.objects.update(prompt_tokens=40_500)


@pytest.fixture
def up(used: UsageDay) -> None:
    UsageDay.objects.update(prompt_tokens=50_000)


def note(page: Page) -> str:
    return " ".join(page.by_id("budget-hint").text.split())


@pytest.mark.usefixtures("up")
@pytest.mark.parametrize("new", [True, False])
def test_a_message_over_the_limit_is_refused(
    alice_client: Client, conversation: Conversation, new: bool
) -> None:
    url = "/" if new else f"/c/{conversation.pk}/messages/"
    response = alice_client.post(url, FORM, headers=HTMX)
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 24 * 60 * 60
    page = parse(response)
    assert page.text.strip() == f"{USED_UP} Your text is still in the box."
    # What was said to be left before is no longer.
    assert page.one("hx-partial", hx_target="#budget-hint").text == ""


def test_an_edited_message_within_the_minute_is_refused_with_a_wait_to_count_down(
    alice_client: Client, alice: User, conversation: Conversation
) -> None:
    Limit.objects.create(messages_per_minute=1)
    RecentMessage.objects.create(user=alice, sent_at=timezone.now())
    (message, _reply) = conversation.messages.all()
    url = f"/c/{conversation.pk}/messages/{message.pk}/edit/"
    response = alice_client.post(url, FORM, headers=HTMX)
    assert response.status_code == 429
    seconds = response["Retry-After"]
    assert parse(response).one("span", data_countdown=seconds).text == seconds


@pytest.mark.usefixtures("up")
@pytest.mark.parametrize("new", [True, False])
def test_without_scripts_the_text_is_back_in_the_box(
    alice_client: Client, conversation: Conversation, new: bool
) -> None:
    url = "/" if new else f"/c/{conversation.pk}/messages/"
    response = alice_client.post(url, FORM)
    page = parse(response)
    assert response.status_code == 429
    assert page.by_id("composer-text").text.strip() == "Go on."
    assert USED_UP in page.by_id("composer-error").text
    assert note(page) == ""


@pytest.mark.usefixtures("up")
def test_trying_again_over_the_limit_is_refused(
    alice_client: Client, conversation: Conversation
) -> None:
    failed = add_message(conversation, role="assistant", status="failed", error_code="throttled")
    conversation.save()
    url = f"/c/{conversation.pk}/messages/{failed.pk}/retry/"
    response = alice_client.post(url, headers=HTMX)
    assert (response.status_code, parse(response).text.strip()) == (429, USED_UP)


def test_while_there_is_plenty_nothing_is_said(alice_client: Client, used: UsageDay) -> None:
    assert note(parse(alice_client.get("/"))) == ""


@pytest.mark.usefixtures("nearly")
@pytest.mark.parametrize("new", [True, False])
def test_what_is_left_stands_at_the_composer(
    alice_client: Client, conversation: Conversation, new: bool
) -> None:
    page = parse(alice_client.get("/" if new else f"/c/{conversation.pk}/"))
    assert note(page) == f"{LEFT} Usage"
    assert page.by_id("composer-text")["aria-describedby"] == "budget-hint"
    assert page.all("a", href="/accounts/usage/")


@pytest.mark.usefixtures("up")
def test_when_nothing_is_left_it_says_so_before_anything_is_sent(alice_client: Client) -> None:
    assert note(parse(alice_client.get("/"))) == f"{USED_UP} Usage"


@pytest.mark.usefixtures("nearly")
def test_a_sent_message_brings_it_along(alice_client: Client, conversation: Conversation) -> None:
    page = parse(alice_client.post(f"/c/{conversation.pk}/messages/", FORM, headers=HTMX))
    assert LEFT in page.one("hx-partial", hx_target="#budget-hint").text


@pytest.mark.usefixtures("nearly")
def test_a_first_message_brings_it_along(alice_client: Client) -> None:
    assert LEFT in note(parse(alice_client.post("/", FORM, headers=HTMX)))


def end_of_stream(client: Client, reply: LiveReply) -> str:
    message = Message.objects.get(pk=reply.pk)
    response = client.get(f"/c/{message.conversation_id}/messages/{message.pk}/stream/")
    events = iter(response.streaming_content)  # type: ignore[attr-defined]
    next(events)
    Message.objects.filter(pk=reply.pk).update(status="complete")
    UsageDay.objects.update(prompt_tokens=40_500)
    get_channel().close_reply(reply)
    return b"".join(events).decode()


@pytest.mark.usefixtures("used")
def test_a_finished_reply_brings_it_along(alice_client: Client, running: LiveReply) -> None:
    assert LEFT in end_of_stream(alice_client, running)


def test_without_limits_a_reply_brings_nothing(alice_client: Client, running: LiveReply) -> None:
    assert "budget-hint" not in end_of_stream(alice_client, running)

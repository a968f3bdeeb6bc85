"""A conversation's page."""

from django.test import Client
from django.utils import timezone

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from tests.factories import add_message, add_pending_reply, make_conversation
from tests.views.html import HTMX, parse


def test_it_shows_the_messages_in_order(alice_client: Client, conversation: Conversation) -> None:
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert page.messages() == [("user", "complete"), ("assistant", "complete")]
    assert page.bodies() == ["Hello", "Hello to you."]


def test_its_title_is_the_heading_and_the_windows(
    alice_client: Client, conversation: Conversation
) -> None:
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert page.one("h1").text == "Greetings"
    assert page.one("title").text.startswith("Greetings")


def test_the_sidebar_marks_it(alice_client: Client, conversation: Conversation) -> None:
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert page.one("a", aria_current="page")["href"] == conversation.get_absolute_url()


def test_tools_find_it_by_accessible_names(
    alice_client: Client, conversation: Conversation
) -> None:
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert page.one("textarea", name="text")["aria-label"] == "Message"
    assert page.one("nav")["aria-label"] == "Conversations"
    for name in ("Send message", "Stop generating"):
        assert page.one("button", aria_label=name)


def test_markdown_is_rendered_in_replies_only(alice_client: Client, alice: User) -> None:
    conversation = make_conversation(alice, "**typed**", "**written**")
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert [element.text for element in page.all("strong")] == ["written"]


def test_a_running_reply_connects_to_its_stream(
    alice_client: Client, conversation: Conversation
) -> None:
    reply = add_pending_reply(conversation)
    page = parse(alice_client.get(conversation.get_absolute_url()))
    stream = page.by_id(f"m{reply.pk}-stream")
    assert stream["hx-sse:connect"] == f"/c/{conversation.pk}/messages/{reply.pk}/stream/"
    assert stream["hx-sse:close"] == "end"


def test_a_finished_reply_connects_to_nothing(
    alice_client: Client, conversation: Conversation
) -> None:
    content = alice_client.get(conversation.get_absolute_url()).content
    assert b"hx-sse:connect" not in content


def test_a_failed_reply_says_why_and_offers_to_try_again(
    alice_client: Client, conversation: Conversation
) -> None:
    reply = add_message(conversation, role="assistant", status="failed", error_code="throttled")
    conversation.save()
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert page.by_id(f"m{reply.pk}")["data-status"] == "failed"
    assert page.all("form", action=f"/c/{conversation.pk}/messages/{reply.pk}/retry/")


def test_an_interrupted_reply_keeps_its_text(
    alice_client: Client, conversation: Conversation
) -> None:
    add_message(conversation, role="assistant", status="interrupted", text="So far")
    conversation.save()
    assert parse(alice_client.get(conversation.get_absolute_url())).bodies()[-1] == "So far"


def test_only_the_branch_that_ends_with_the_leaf_is_shown(
    alice_client: Client, conversation: Conversation
) -> None:
    asked = conversation.messages.get(role="user")
    sibling = conversation.messages.create(parent=asked, role="assistant", text="Another answer.")
    Conversation.objects.filter(pk=conversation.pk).update(leaf=sibling)
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert page.bodies() == ["Hello", "Another answer."]


def test_times_are_in_the_readers_zone(alice_client: Client, conversation: Conversation) -> None:
    moment = timezone.now().replace(year=2020, month=1, day=1, hour=23, minute=30)
    Message.objects.filter(conversation=conversation).update(created_at=moment)
    alice_client.cookies["time_zone"] = "Asia/Tokyo"
    page = parse(alice_client.get(conversation.get_absolute_url()))
    assert {time.text for time in page.all("time")} == {"2 January 2020"}


def test_staff_find_the_administration_in_the_menu(
    alice_client: Client, rita_client: Client
) -> None:
    assert parse(rita_client.get("/")).all("a", href="/admin/")
    assert not parse(alice_client.get("/")).all("a", href="/admin/")


def test_the_list_is_left_out_where_only_the_main_column_is_asked_for(
    alice_client: Client, conversation: Conversation
) -> None:
    page = parse(alice_client.get(conversation.get_absolute_url(), headers=HTMX))
    assert page.one("h1").text == "Greetings"
    assert not page.all("nav", aria_label="Conversations")

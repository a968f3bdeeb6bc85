"""Deleting from a message on: what the page gets, and undoing it."""

import pytest
from django.test import Client

from conversations.models import Conversation, Message
from tests.factories import add_message, make_conversation
from tests.views.html import HTMX, parse


@pytest.fixture
def asked(conversation: Conversation) -> Message:
    """The second message of alice's conversation, which has a reply."""
    asked = add_message(conversation, role="user", text="And now?")
    add_message(conversation, role="assistant", text="Later.")
    conversation.save()
    return asked


def address(message: Message) -> str:
    return f"/c/{message.conversation_id}/messages/{message.pk}/delete/"


def test_a_branch_that_got_shorter_says_where_it_ends(alice_client: Client, asked: Message) -> None:
    page = parse(alice_client.post(address(asked), headers=HTMX))
    assert page.messages() == []
    (end,) = [span for span in page.all("span") if "data-branch-end" in span.attributes]
    assert end["data-branch-end"] == f"m{asked.parent_id}"
    assert "The messages were deleted." in page.text


def test_what_is_shown_instead_comes_along(alice_client: Client, asked: Message) -> None:
    conversation = asked.conversation
    other = conversation.messages.create(role="user", text="Or this?", parent=asked.parent)
    page = parse(alice_client.post(address(asked), headers=HTMX))
    assert page.one("article")["id"] == f"m{other.pk}"


def test_it_can_be_undone_from_the_page(alice_client: Client, asked: Message) -> None:
    page = parse(alice_client.post(address(asked), headers=HTMX))
    (undo,) = [form for form in page.all("form") if form["action"].endswith("/restore/")]
    response = alice_client.post(undo["action"], headers=HTMX)
    assert response["HX-Trigger"] == "page:shown, conversations:changed"
    assert Conversation.objects.get().messages.count() == 4


def test_without_scripts_it_leads_to_the_conversation_and_back(
    alice_client: Client, asked: Message
) -> None:
    response = alice_client.post(address(asked), follow=True)
    page = parse(response)
    assert len(page.messages()) == 2
    (undo,) = [form for form in page.all("form") if form["action"].endswith("/restore/")]
    response = alice_client.post(undo["action"], follow=True)
    assert len(parse(response).messages()) == 4


def test_the_first_message_takes_the_conversation_along(
    alice_client: Client, asked: Message
) -> None:
    first = asked.conversation.messages.earliest("pk")
    response = alice_client.post(address(first), headers=HTMX)
    assert response["HX-Redirect"] == "/"
    assert "was deleted." in parse(alice_client.get("/")).text


def test_another_tab_is_told_where_the_branch_ends(alice_client: Client, asked: Message) -> None:
    conversation = asked.conversation
    shown = {"seen": str(conversation.leaf_id)}
    alice_client.post(address(asked))
    page = parse(alice_client.get(f"/c/{conversation.pk}/messages/", shown, headers=HTMX))
    (end,) = [span for span in page.all("span") if "data-branch-end" in span.attributes]
    assert end["data-branch-end"] == f"m{asked.parent_id}"


def test_a_transcript_offers_nothing_of_it(rita_client: Client, conversation: Conversation) -> None:
    page = parse(rita_client.get(f"/admin/review/review/{conversation.pk}/"))
    assert "Delete from here" not in page.text


def test_what_was_deleted_is_no_conversation_of_its_own(
    alice_client: Client, asked: Message
) -> None:
    make_conversation(asked.conversation.owner, title="Another")  # type: ignore[arg-type]
    alice_client.post(address(asked))
    part = Conversation.objects.exclude(deleted_at=None).get()
    assert alice_client.get(part.get_absolute_url()).status_code == 404

"""The details of a reply: in a popover, and on a page without scripts."""

from django.test import Client

from conversations.models import Conversation
from tests.views.html import HTMX, parse


def details_url(conversation: Conversation, message_id: object = None) -> str:
    return f"/c/{conversation.pk}/messages/{message_id or conversation.leaf_id}/details/"


def test_a_reply_has_a_button_for_its_details(
    alice_client: Client, conversation: Conversation
) -> None:
    page = parse(alice_client.get(conversation.get_absolute_url()))
    button = page.one("button", aria_label="Details")
    assert button["hx-get"] == details_url(conversation)
    assert page.by_id(button["popovertarget"])


def test_the_model_is_named_under_no_line(alice_client: Client, conversation: Conversation) -> None:
    conversation.messages.update(model="gpt-2025-04-14", completion_tokens=3)
    html = alice_client.get(conversation.get_absolute_url()).content.decode()
    assert "gpt-2025-04-14" not in html


def test_htmx_gets_the_list_alone(alice_client: Client, conversation: Conversation) -> None:
    conversation.messages.update(model="gpt-2025-04-14")
    page = parse(alice_client.get(details_url(conversation), headers=HTMX))
    assert "gpt-2025-04-14" in page.one("dl").text
    assert not page.all("main")


def test_without_scripts_it_is_a_page_that_leads_back(
    alice_client: Client, conversation: Conversation
) -> None:
    page = parse(alice_client.get(details_url(conversation)))
    assert "Ended" in page.all("dl")[0].text
    back = f"{conversation.get_absolute_url()}#m{conversation.leaf_id}"
    assert page.all("a", href=back)


def test_a_message_of_ones_own_has_none(alice_client: Client, conversation: Conversation) -> None:
    message = conversation.messages.get(role="user")
    assert alice_client.get(details_url(conversation, message.pk)).status_code == 404

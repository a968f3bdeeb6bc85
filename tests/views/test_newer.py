"""What was sent from another tab reaches a tab that was open before."""

from django.test import Client

from conversations.models import Conversation
from tests.factories import add_message, add_pending_reply
from tests.views.html import HTMX, Answer, parse


def articles(response: Answer) -> list[str]:
    found = [element for element in parse(response).elements if element.tag == "article"]
    return [element.attributes["id"] or "" for element in found]


def test_messages_after_the_last_seen_are_sent(
    alice_client: Client, conversation: Conversation
) -> None:
    seen = conversation.leaf_id
    newer = add_message(conversation, role="user", text="From the other tab")
    conversation.save()
    response = alice_client.get(f"/c/{conversation.pk}/messages/?seen={seen}", headers=HTMX)
    assert articles(response) == [f"m{newer.pk}"]


def test_nothing_is_sent_to_a_tab_that_has_seen_all(
    alice_client: Client, conversation: Conversation
) -> None:
    url = f"/c/{conversation.pk}/messages/?seen={conversation.leaf_id}"
    assert alice_client.get(url, headers=HTMX).status_code == 204


def test_a_turn_brings_what_its_tab_had_missed(
    alice_client: Client, conversation: Conversation
) -> None:
    seen = conversation.leaf_id
    missed = add_message(conversation, role="user", text="From the other tab")
    conversation.save()
    form = {"text": "And from this one", "token": "a form", "seen": str(seen)}
    response = alice_client.post(f"/c/{conversation.pk}/messages/", form, headers=HTMX)
    assert len(articles(response)) == 3
    assert articles(response)[0] == f"m{missed.pk}"


def test_a_refusal_brings_the_reply_that_runs(
    alice_client: Client, conversation: Conversation
) -> None:
    seen = conversation.leaf_id
    running = add_pending_reply(conversation)
    form = {"text": "And from this one", "token": "a form", "seen": str(seen)}
    response = alice_client.post(f"/c/{conversation.pk}/messages/", form, headers=HTMX)
    assert response.status_code == 409
    assert articles(response) == [f"m{running.pk}"]


def test_a_line_marks_where_the_history_that_is_sent_begins(
    alice_client: Client, conversation: Conversation
) -> None:
    message = add_message(conversation, role="user", text="Go on")
    add_message(conversation, role="assistant", text="I do", context_start=message.pk)
    conversation.save()
    page = alice_client.get(conversation.get_absolute_url()).content.decode()
    assert page.index("no longer sent to the model") < page.index(f'id="m{message.pk}"')


def test_the_line_stays_while_the_next_reply_is_written(
    alice_client: Client, conversation: Conversation
) -> None:
    message = add_message(conversation, role="user", text="Go on")
    add_message(conversation, role="assistant", text="I do", context_start=message.pk)
    add_message(conversation, role="user", text="And then?")
    add_pending_reply(conversation)
    page = alice_client.get(conversation.get_absolute_url()).content.decode()
    assert page.index("no longer sent to the model") < page.index(f'id="m{message.pk}"')

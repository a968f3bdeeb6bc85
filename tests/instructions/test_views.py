"""What the model is told in a conversation, as its owner sees and switches it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.instructions.composing import compose_parts
from conversations.models import (
    Assistant,
    AssistantVersion,
    Conversation,
    InstructionPolicy,
    OwnInstructions,
)
from conversations.services import system_prompts
from tests.factories import make_conversation, make_folder
from tests.review.pages import opened
from tests.views.html import HTMX, parse

pytestmark = pytest.mark.django_db

FORM = {"text": "What is SSE?", "token": "a form"}


@pytest.fixture
def own(alice: User) -> OwnInstructions:
    return OwnInstructions.objects.create(user=alice, how_to_reply="Be short.")


@pytest.fixture
def told(alice: User, own: OwnInstructions) -> Conversation:
    """alice's, whose model is told all there is."""
    InstructionPolicy(pk=1, preamble="You talk to {{name}}.").save()
    conversation = make_conversation(alice, "Hello", "Hi.")
    system_prompts.change_system_prompt(conversation, compose_parts(alice, "Be kind."))
    return conversation


def url(conversation: Conversation) -> str:
    return f"/c/{conversation.pk}/instructions/"


def prompt(conversation: Conversation) -> str:
    conversation.refresh_from_db()
    return conversation.system_prompt


def headings(client: Client, conversation: Conversation) -> list[str]:
    return [each.text for each in parse(client.get(url(conversation))).all("h3")]


def test_each_part_stands_under_who_says_it(alice_client: Client, told: Conversation) -> None:
    told.messages.filter(role="user").update(context_note="(Date: Friday.)")
    page = parse(alice_client.get(url(told), headers=HTMX))
    assert [each.text for each in page.all("h3")] == [
        "From the administrators",
        "Instructions of this site",
        "Your instructions",
        "With your newest message",
    ]
    for text in ("You talk to alice.", "Be kind.", "Be short.", "(Date: Friday.)"):
        assert text in page.text
    assert "checked" in page.one("input", name="own_instructions").attributes


def test_who_wants_none_of_it_sees_what_the_site_says(
    alice_client: Client, conversation: Conversation
) -> None:
    page = parse(alice_client.get(url(conversation)))
    assert headings(alice_client, conversation) == ["Instructions of this site"]
    assert "Be brief." in page.text
    assert page.all("input", name="own_instructions") == []
    Conversation.objects.update(system_prompt="")
    assert "Nothing but the messages." in parse(alice_client.get(url(conversation))).text


def test_an_assistants_instructions_are_called_by_its_name(
    alice_client: Client, alice: User, conversation: Conversation
) -> None:
    version = AssistantVersion.objects.create(
        assistant=Assistant.objects.create(owner=alice), number=1, name="Tutor"
    )
    Conversation.objects.update(assistant_version=version)
    assert headings(alice_client, conversation) == ["Instructions of “Tutor”"]


def test_a_preamble_is_shown_as_the_next_reply_is_told_it(
    alice_client: Client, conversation: Conversation
) -> None:
    InstructionPolicy(pk=1, preamble="You work for us.").save()
    assert "You work for us." in parse(alice_client.get(url(conversation))).text
    assert prompt(conversation) == "Be brief."


def test_one_switch_turns_ones_own_off_and_on_again(
    alice_client: Client, told: Conversation
) -> None:
    response = alice_client.post(url(told), headers=HTMX)
    assert "Saved. It holds from the next reply on." in response.content.decode()
    assert prompt(told) == "You talk to alice.\n\nBe kind."
    assert (
        "checked"
        not in parse(alice_client.get(url(told))).one("input", name="own_instructions").attributes
    )
    assert alice_client.post(url(told), {"own_instructions": "on"}).status_code == 302
    assert prompt(told).endswith("\nBe short.")


def test_what_is_saved_as_it_was_changes_nothing(alice_client: Client, told: Conversation) -> None:
    before, counted_from = prompt(told), told.counted_from
    OwnInstructions.objects.update(how_to_reply="Be long.")
    response = alice_client.post(url(told), {"own_instructions": "on"}, headers=HTMX)
    assert "Nothing changed." in response.content.decode()
    assert (prompt(told), told.counted_from) == (before, counted_from)


def test_instructions_that_were_changed_since_can_be_taken_over(
    alice_client: Client, told: Conversation
) -> None:
    assert "Use the new ones" not in parse(alice_client.get(url(told))).text
    OwnInstructions.objects.update(how_to_reply="Be long.")
    assert "Use the new ones" in parse(alice_client.get(url(told))).text
    alice_client.post(url(told), {"own_instructions": "on", "renew": "yes"})
    assert prompt(told).endswith("\nBe long.")


def test_instructions_that_are_gone_stay_until_they_are_turned_off(
    alice_client: Client, told: Conversation
) -> None:
    OwnInstructions.objects.all().delete()
    alice_client.post(url(told), {"own_instructions": "on", "renew": "yes"})
    assert prompt(told).endswith("\nBe short.")
    alice_client.post(url(told))
    alice_client.post(url(told), {"own_instructions": "on"})
    assert prompt(told) == "You talk to alice.\n\nBe kind."


def test_the_dialog_takes_as_many_queries_whatever_there_is(
    alice_client: Client, told: Conversation
) -> None:
    alice_client.get(url(told), headers=HTMX)
    with CaptureQueriesContext(connection) as queries:
        alice_client.get(url(told), headers=HTMX)
    # The session, the user, the conversation, the user's instructions, the newest message.
    assert len(queries) == 5


def test_a_new_chat_without_instructions_has_no_switch(alice_client: Client) -> None:
    assert parse(alice_client.get("/")).all("input", name="own_instructions") == []


@pytest.mark.parametrize("is_on", [True, False])
def test_a_new_chat_has_the_switch_as_it_usually_is(
    alice_client: Client, own: OwnInstructions, is_on: bool
) -> None:
    OwnInstructions.objects.update(is_on=is_on)
    switch = parse(alice_client.get("/")).one("input", type="checkbox", name="own_instructions")
    assert ("checked" in switch.attributes) == is_on


@pytest.mark.parametrize(("sent", "is_told"), [(["off"], False), (["off", "on"], True)])
def test_a_chat_begins_as_its_switch_says(
    alice_client: Client, alice: User, own: OwnInstructions, sent: list[str], is_told: bool
) -> None:
    OwnInstructions.objects.update(is_on=not is_told)
    folder = make_folder(alice)
    for address in ("/", folder.get_absolute_url()):
        alice_client.post(address, FORM | {"own_instructions": sent})
        conversation = alice.conversations.latest("created_at")
        assert conversation.system_prompt.endswith("Be short.") == is_told
        conversation.messages.update(status="complete")


def test_the_switch_stays_as_it_was_where_a_message_is_refused(
    alice_client: Client, own: OwnInstructions, settings: Settings
) -> None:
    response = alice_client.post("/", {"text": " ", "token": "a", "own_instructions": "off"})
    assert response.status_code == 422
    switch = parse(response).one("input", type="checkbox", name="own_instructions")
    assert "checked" not in switch.attributes


def test_reviewers_see_the_parts_without_the_name(rita_client: Client, told: Conversation) -> None:
    told.messages.filter(role="user").update(context_note="(Date: Friday.)")
    page = opened(rita_client, told)
    text = page.text
    for words in ("From the administrators", "The user’s instructions", "Be short."):
        assert words in text
    assert "told with it: (Date: Friday.)" in text
    assert "You talk to User" in text
    assert "alice" not in text

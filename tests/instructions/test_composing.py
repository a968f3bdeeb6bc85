"""The parts of a system prompt, and who has a say in each."""

import pytest
from django.utils import translation

from chatsite.accounts.models import User
from conversations.instructions.composing import compose_parts, hold_preamble
from conversations.instructions.parts import PromptParts
from conversations.models import InstructionPolicy, OwnInstructions

pytestmark = pytest.mark.django_db

OWN = """About the user, in their own words:
I teach.

How the user wants you to reply, in their own words:
Be short."""


def give_instructions(user: User, **fields: object) -> None:
    OwnInstructions.objects.create(
        user=user, **{"about_me": "I teach.", "how_to_reply": "Be short.\n"} | fields
    )


def test_without_any_of_it_the_base_is_all(alice: User) -> None:
    parts = compose_parts(alice, "Be kind.")
    assert parts.compose() == "Be kind."
    assert parts.to_stored() is None


def test_the_preamble_is_first_and_the_users_own_words_are_last(alice: User) -> None:
    InstructionPolicy(pk=1, preamble="You work for us.").save()
    give_instructions(alice)
    assert compose_parts(alice, "Be kind.").compose() == f"You work for us.\n\nBe kind.\n\n{OWN}"


def test_what_is_empty_has_no_heading(alice: User) -> None:
    give_instructions(alice, about_me=" \n")
    assert compose_parts(alice, "").compose() == OWN.partition("\n\n")[2]


@pytest.mark.parametrize(
    ("is_on", "uses_own", "is_told"),
    [(True, None, True), (False, None, False), (False, True, True), (True, False, False)],
)
def test_what_was_chosen_for_a_chat_counts_more_than_what_is_usual(
    alice: User, is_on: bool, uses_own: bool | None, is_told: bool
) -> None:
    give_instructions(alice, is_on=is_on)
    assert bool(compose_parts(alice, "", uses_own).own) == is_told


def test_variables_are_those_of_administrators_and_assistants_and_not_of_users(alice: User) -> None:
    alice.name, alice.language = "Alice Liddell", "en"
    InstructionPolicy(pk=1, preamble="This is {{name}}.").save()
    give_instructions(alice, about_me="", how_to_reply="Say {{name}}.")
    told = compose_parts(alice, "Speak {{language}}.").compose()
    assert told.startswith("This is Alice Liddell.\n\nSpeak English.")
    assert told.endswith("Say {{name}}.")


def test_without_a_choice_the_language_is_that_of_the_page(alice: User) -> None:
    with translation.override("fr"):
        assert compose_parts(alice, "{{language}}").base == "French"


def test_parts_come_back_as_they_were_stored(alice: User) -> None:
    InstructionPolicy(pk=1, preamble="You work for us.").save()
    parts = compose_parts(alice, "Be kind.")
    assert PromptParts.from_stored(parts.to_stored(), parts.compose()) == parts


def test_a_preamble_stays_what_it_was_until_administrators_change_it(alice: User) -> None:
    InstructionPolicy(pk=1, preamble="This is {{name}}.").save()
    parts = compose_parts(alice, "Be kind.")
    alice.name = "Another"
    assert hold_preamble(parts, alice) is parts
    InstructionPolicy(pk=1, preamble="Here is {{name}}.").save()
    assert hold_preamble(parts, alice).compose() == "Here is alice.\n\nBe kind."
    InstructionPolicy(pk=1).save()
    assert hold_preamble(parts, alice).compose() == "Be kind."


def test_a_conversation_knows_one_name_of_its_user(alice: User) -> None:
    parts = compose_parts(alice, "Greet {{name}}.")
    alice.name = "Another"
    InstructionPolicy(pk=1, preamble="This is {{name}}.").save()
    assert hold_preamble(parts, alice).compose() == "This is alice.\n\nGreet alice."


def test_a_name_that_was_put_in_can_be_concealed(alice: User) -> None:
    alice.name = "Al"
    parts = compose_parts(alice, "Greet {{name}}. Also tell Al all.")
    stored = PromptParts.from_stored(parts.to_stored(), parts.compose())
    assert stored.conceal_name("k7\\1").compose() == "Greet k7\\1. Also tell k7\\1 all."
    plain = compose_parts(alice, "Greet Al.")
    assert plain.conceal_name("k7") is plain

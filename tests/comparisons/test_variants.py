"""What a composer carries of the second of two replies, and what of it is refused."""

import pytest

from chatsite.accounts.models import User
from conversations.comparisons.variants import InvalidVariantError, Variant, read_carried
from conversations.content import InvalidMessageError
from conversations.models import Conversation
from conversations.services import turns
from tests.factories import owner_of
from tests.model_catalog.factories import add_model

UNREADABLE = [
    "{",
    "[]",
    "null",
    '{"model": 1, "parameters": {}}',
    '{"model": ""}',
    "[" * 20_000,
    "9" * 40_000,
    *(
        f'{{"model": "", "parameters": {parameters}}}'
        for parameters in (
            "[]",
            '{"nonsense": 1}',
            '{"temperature": 9}',
            f'{{"seed": {"9" * 400}}}',
            '{"response_format": {"type": []}}',
            '{"response_format": {"type": "json_schema", "schema": "{"}}',
        )
    ),
]


@pytest.mark.django_db
def test_nothing_carried_compares_nothing(alice: User) -> None:
    assert read_carried(alice, "") is None


@pytest.mark.django_db
@pytest.mark.parametrize("carried", UNREADABLE)
def test_what_no_composer_carries_is_refused_with_a_sentence(alice: User, carried: str) -> None:
    with pytest.raises(InvalidVariantError, match="Choose it again"):
        read_carried(alice, carried)


@pytest.mark.django_db
def test_the_name_of_a_model_is_one_that_a_database_takes(alice: User) -> None:
    carried = '{"model": "a\\u0000b\\ud800", "parameters": {}}'
    assert read_carried(alice, carried) == Variant("ab?")


@pytest.mark.django_db
def test_a_message_that_one_of_the_models_cannot_take_is_sent_to_neither(
    conversation: Conversation,
) -> None:
    small = add_model("small/model", context_window=200)
    with pytest.raises(InvalidMessageError, match="at most 200"):
        turns.create_turn(
            owner=owner_of(conversation),
            conversation_id=conversation.pk,
            text="word " * 300,
            token="a",
            variant=Variant(small.identifier),
        )
    assert conversation.messages.count() == 2


@pytest.mark.django_db
def test_two_that_a_change_of_the_model_has_made_alike_are_not_sent(
    conversation: Conversation,
) -> None:
    other = add_model("another/model")
    with pytest.raises(InvalidVariantError, match="alike by now"):
        turns.create_turn(
            owner=owner_of(conversation),
            conversation_id=conversation.pk,
            text="Which one?",
            token="a",
            model=other.identifier,
            variant=Variant(other.identifier),
        )
    assert conversation.messages.count() == 2

"""Messages that are refused: while replies run, without words, too long."""

import pytest
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.content import InvalidMessageError, estimate_tokens
from conversations.models import Conversation
from conversations.services import turns
from conversations.services.turn_checks import TurnRefusedError
from tests.factories import add_pending_reply
from tests.services.writing import keep_busy, send

# Nothing is committed in these tests, so no reply is handed to generation.
pytestmark = pytest.mark.django_db


def test_a_message_while_a_reply_runs_is_refused_and_not_saved(conversation: Conversation) -> None:
    add_pending_reply(conversation)
    with pytest.raises(TurnRefusedError, match="still being written") as refused:
        send(conversation, "And now?", token="a")
    assert refused.value.status == 409
    assert conversation.messages.count() == 3


def test_a_reply_of_another_conversation_is_no_hindrance(
    alice: User, conversation: Conversation
) -> None:
    keep_busy(alice, 2)
    assert send(conversation, "And now?", token="a")


def test_more_replies_at_once_than_allowed_are_refused(
    alice: User, conversation: Conversation, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 2
    keep_busy(alice, 2)
    with pytest.raises(TurnRefusedError, match=r"^2 of your replies are") as refused:
        send(conversation, "And now?", token="a")
    assert refused.value.status == 409
    assert conversation.messages.count() == 2


def test_the_limit_of_one_reply_is_put_in_the_singular(
    alice: User, conversation: Conversation, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    keep_busy(alice, 1)
    with pytest.raises(TurnRefusedError, match=r"^1 of your replies is"):
        send(conversation, "And now?", token="a")


def test_a_conversation_over_the_limit_is_not_made(alice: User, settings: Settings) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    keep_busy(alice, 1)
    with pytest.raises(TurnRefusedError):
        turns.start_conversation(owner=alice, text="Hello", token="a")
    assert Conversation.objects.count() == 1


def test_replies_of_others_count_for_nothing(
    bob: User, conversation: Conversation, settings: Settings
) -> None:
    keep_busy(bob, settings.MAX_RUNNING_REPLIES)
    assert send(conversation, "And now?", token="a")


def test_the_same_form_is_not_refused_while_its_own_reply_runs(
    alice: User, settings: Settings
) -> None:
    settings.MAX_RUNNING_REPLIES = 1
    turn = turns.start_conversation(owner=alice, text="Hello", token="a")
    assert turns.start_conversation(owner=alice, text="Hello", token="a") == turn


@pytest.mark.parametrize("text", ["", " ", "\n\t\r\n", "\x00", " \x00 ", "\u200b", "\u2800"])
def test_an_empty_message_is_refused(conversation: Conversation, text: str) -> None:
    with pytest.raises(InvalidMessageError, match="Write a message first") as refused:
        send(conversation, text, token="a")
    assert refused.value.status == 422


def test_an_empty_message_starts_no_conversation(alice: User) -> None:
    with pytest.raises(InvalidMessageError):
        turns.start_conversation(owner=alice, text=" ", token="a")
    assert not Conversation.objects.exists()


def test_a_message_longer_than_the_budget_is_refused_with_both_numbers(
    conversation: Conversation, settings: Settings
) -> None:
    settings.CONTEXT_BUDGET = 1_000
    with pytest.raises(InvalidMessageError, match=r"about 1,254 tokens.* at most 1,000\."):
        send(conversation, "x" * 5_000, token="a")
    assert conversation.messages.count() == 2


def test_a_message_of_just_the_budget_is_taken(
    conversation: Conversation, settings: Settings
) -> None:
    text = "x" * 5_000
    prompt = estimate_tokens(conversation.system_prompt)
    settings.CONTEXT_BUDGET = estimate_tokens(text) + prompt
    assert send(conversation, text, token="a")

"""What several tabs send at the same moment, each in a real thread with a connection of its own."""

from functools import partial

import pytest
from pytest_django import Settings

from chatsite.accounts.models import User
from conversations.models import Conversation, Message
from conversations.services import turns
from conversations.services.turn_checks import TurnRefusedError
from conversations.services.turns import Turn
from tests.factories import add_message
from tests.services.writing import at_once, regenerate, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gate")]

TABS = 8


def test_the_same_form_sent_by_all_makes_one_turn(conversation: Conversation) -> None:
    results = at_once(*[partial(send, conversation, "And now?", token="same")] * TABS)
    assert results == [results[0]] * TABS
    assert isinstance(results[0], Turn)
    assert conversation.messages.count() == 4


def test_one_of_several_forms_wins_and_the_others_are_refused(conversation: Conversation) -> None:
    results = at_once(
        *[partial(send, conversation, "And now?", token=f"form {tab}") for tab in range(TABS)]
    )
    sent = [result for result in results if isinstance(result, Turn)]
    assert len(sent) == 1
    assert sum(isinstance(result, TurnRefusedError) for result in results) == TABS - 1
    conversation.refresh_from_db()
    assert conversation.leaf == sent[0].reply
    assert conversation.messages.count() == 4


def test_the_same_first_form_makes_one_conversation(alice: User) -> None:
    start = partial(turns.start_conversation, owner=alice, text="Hello", token="same")
    results = at_once(*[start] * TABS)
    assert results == [results[0]] * TABS
    assert Conversation.objects.get().messages.count() == 2


def test_no_more_replies_start_than_are_allowed(alice: User, settings: Settings) -> None:
    settings.MAX_RUNNING_REPLIES = 3
    start = partial(turns.start_conversation, owner=alice, text="Hello")
    results = at_once(*[partial(start, token=f"form {tab}") for tab in range(TABS)])
    assert sum(isinstance(result, TurnRefusedError) for result in results) == TABS - 3
    assert Conversation.objects.count() == 3
    assert Message.objects.filter(status__in=Message.RUNNING).count() == 3


def test_retry_pressed_in_all_tabs_makes_one_reply(conversation: Conversation) -> None:
    status = Message.Status.FAILED
    failed = add_message(conversation, role="assistant", status=status)
    conversation.save()

    def retry() -> Message:
        return regenerate(Message.objects.get(pk=failed.pk))

    results = at_once(*[retry] * TABS)
    assert results == [results[0]] * TABS
    assert conversation.messages.count() == 4


def test_users_do_not_wait_for_each_other_in_vain(alice: User, bob: User) -> None:
    starts = [
        partial(turns.start_conversation, owner=owner, text="Hello", token=f"form {number}")
        for owner in (alice, bob)
        for number in range(3)
    ]
    assert all(isinstance(result, Turn) for result in at_once(*starts))

"""Transactions that cross: neither of two people at once sees an error."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from chatsite.accounts.models import User
from chatsite.core.locks import TRIES, retry_on_conflict
from conversations.models import Conversation
from conversations.outbox import worker
from conversations.review.decisions import decisions
from conversations.review.decisions.decisions import StaleVersionError
from conversations.review.models import Judgement, Review
from conversations.services import conversations
from tests.factories import make_conversation
from tests.services.writing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("number", range(10))
def test_a_conversation_is_deleted_while_it_is_judged(alice: User, rita: User, number: int) -> None:
    conversation = make_conversation(alice, *["Hello", "Hi"] * (number + 1))
    worker.process_outbox()
    review = Review.objects.get()
    delete = partial(conversations.delete_conversation, conversation=conversation)
    judge = partial(
        decisions.record_decision, review=review, reviewer=rita, version=None, verdict=None
    )
    deleted, judged = at_once(delete, judge)
    assert deleted is None
    assert isinstance(judged, Judgement | StaleVersionError)
    assert not Conversation.objects.exists()
    assert not Judgement.objects.exists()


def test_what_crossed_is_done_again() -> None:
    assert retry_on_conflict(Counting(TRIES - 1))() == TRIES


def test_what_goes_on_crossing_is_an_error() -> None:
    with pytest.raises(IntegrityError):
        retry_on_conflict(Counting(TRIES))()


class Counting:
    """Fails so many times; then tells at which call it didn't."""

    def __init__(self, times: int) -> None:
        self.left, self.calls = times, 0

    def __call__(self) -> int:
        self.calls += 1
        if self.calls <= self.left:
            raise IntegrityError
        return self.calls


def test_within_another_transaction_nothing_is_done_again() -> None:
    counting = Counting(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        retry_on_conflict(counting)()
    assert counting.calls == 1

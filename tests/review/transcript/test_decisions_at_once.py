"""Several reviewers judge at the same moment: nothing is overwritten, and nobody gets an error."""

from functools import partial

import pytest

from chatsite.accounts.models import User
from conversations.review.decisions import decisions, flags, labels
from conversations.review.decisions.decisions import StaleVersionError
from conversations.review.models import Flag, Judgement, Label, Labelling, Review
from tests.services.writing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(results: list[object]) -> int:
    failed = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, StaleVersionError) for each in failed), failed
    return len(failed)


def test_of_those_who_saw_the_same_one_goes_through(review: Review, rita: User) -> None:
    judge = partial(
        decisions.record_decision, review=review, reviewer=rita, version=0, verdict=None
    )
    assert refusals([*at_once(*[judge] * 4)]) == 3
    review.refresh_from_db()
    assert (review.version, Judgement.objects.count()) == (1, 1)


def test_who_takes_it_as_it_is_always_goes_through(review: Review, rita: User) -> None:
    assign = partial(decisions.assign_review, review=review, assignee=rita)
    assert refusals([*at_once(*[assign] * 4)]) == 0
    review.refresh_from_db()
    assert review.version == 4


def test_a_flag_is_put_once(review: Review, rita: User) -> None:
    flag = partial(flags.flag_conversation, review=review, reviewer=rita, version=None)
    assert refusals([*at_once(*[flag] * 3)]) == 0
    review.refresh_from_db()
    assert (Flag.objects.count(), review.flag_count) == (1, 1)


def test_a_new_label_is_made_once(review: Review, rita: User) -> None:
    add = partial(
        labels.set_labels, review=review, reviewer=rita, version=None, labels=[], new="New"
    )
    assert refusals([*at_once(*[add] * 3)]) == 0
    assert (Label.objects.count(), Labelling.objects.count()) == (1, 1)


def test_a_conversation_that_is_gone_can_not_be_judged(review: Review, rita: User) -> None:
    review.conversation.delete()
    with pytest.raises(StaleVersionError):
        decisions.record_decision(review=review, reviewer=rita, version=None, verdict=None)

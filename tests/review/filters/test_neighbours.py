"""Which conversations are before and after one in the queue."""

from datetime import timedelta

import pytest

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.filters.filters import Filters
from conversations.review.filters.neighbours import find_neighbours
from conversations.review.filters.orders import ORDERS
from conversations.review.identities import Identities
from conversations.review.models import Review
from tests.review.queue.rows import add_review, add_reviews


def read(reader: User, **data: str) -> Filters:
    return Filters.read(data, Identities(reader))


@pytest.mark.usefixtures("reviews")
@pytest.mark.parametrize("sort", ORDERS)
def test_neighbours_are_those_before_and_after(rita: User, sort: str) -> None:
    filters = read(rita, sort=sort)
    first, second, third, *_rest = filters.apply(Review.objects.all())
    found = find_neighbours(Review.objects.all(), filters, second)
    assert (found.previous, found.next) == (first.pk, third.pk)
    assert find_neighbours(Review.objects.all(), filters, first).previous is None


def test_a_review_that_left_the_queue_still_has_neighbours(rita: User, alice: User) -> None:
    first, second, third = add_reviews(alice, [{"state": "waiting"} for _ in range(3)])
    second.state = Review.State.REVIEWED
    second.save()
    found = find_neighbours(Review.objects.all(), read(rita, state="waiting"), second)
    assert (found.previous, found.next) == (first.pk, third.pk)


def test_neighbours_are_visible_ones(rita: User, alice: User) -> None:
    first, second = add_reviews(alice, [{}, {}])
    Conversation.objects.filter(pk=second.pk).update(owner=None)
    visible = Review.objects.filter(conversation__owner__isnull=False)
    assert find_neighbours(visible, read(rita), first).next is None


def test_the_same_moment_is_no_trouble(rita: User, alice: User) -> None:
    moment = add_review(alice).last_activity_at + timedelta(minutes=1)
    made = add_reviews(alice, [{"last_activity_at": moment} for _ in range(4)])
    filters = read(rita)
    found = [find_neighbours(Review.objects.all(), filters, review).next for review in made]
    assert len(set(found)) == 4

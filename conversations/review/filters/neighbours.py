"""Which conversations are before and after one, among those that pass the filters."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from conversations.review.filters.filters import Filters
from conversations.review.models import Review


@dataclass(frozen=True)
class Neighbours:
    previous: uuid.UUID | None = None
    next: uuid.UUID | None = None


def find_neighbours(reviews: QuerySet[Review], filters: Filters, review: Review) -> Neighbours:
    """Return those before and after it in the queue; also when it has left the queue meanwhile."""
    order, found = filters.order, filters.narrow(reviews).only("pk")
    place = order.values_of(review)
    before, after = order.before(found, place).first(), order.after(found, place).first()
    return Neighbours(before.pk if before else None, after.pk if after else None)

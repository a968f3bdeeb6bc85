"""Pages of the queue, each begun where the one before ended, however far down that is."""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from conversations.review.models import Review
from conversations.review.queue.filters import Filters


@dataclass(frozen=True)
class Neighbours:
    previous: uuid.UUID | None = None
    next: uuid.UUID | None = None


def neighbours(reviews: QuerySet[Review], filters: Filters, review: Review) -> Neighbours:
    """Those before and after it in the queue; also when it has left the queue meanwhile."""
    return Neighbours()

"""What lies around a page of the queue: its neighbours, and how many conversations there are."""

import json
import uuid
from dataclasses import dataclass
from math import floor, log10

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.review.models import Review
from conversations.review.queue.filters import Filters

SIZE = 50
# So far conversations are counted one by one.
BOUND = 1000


@dataclass(frozen=True)
class Neighbours:
    previous: uuid.UUID | None = None
    next: uuid.UUID | None = None


def find_neighbours(reviews: QuerySet[Review], filters: Filters, review: Review) -> Neighbours:
    """Those before and after it in the queue; also when it has left the queue meanwhile."""
    order, found = filters.order, filters.narrow(reviews).only("pk")
    place = order.values_of(review)
    before, after = order.before(found, place).first(), order.after(found, place).first()
    return Neighbours(before.pk if before else None, after.pk if after else None)


def describe_count(reviews: QuerySet[Review]) -> str:
    """In words, without ever counting a whole table: exact as far as that is quick."""
    reviews = reviews.order_by()
    found = reviews[: BOUND + 1].count()
    if found <= BOUND:
        words = ngettext("%(count)s conversation", "%(count)s conversations", found)
        return words % {"count": f"{found:,}"}
    if (estimate := estimate_count(reviews)) > BOUND:
        return _("about %(count)s conversations") % {"count": f"{round_to_two_digits(estimate):,}"}
    return _("more than %(count)s conversations") % {"count": f"{BOUND:,}"}


def estimate_count(reviews: QuerySet[Review]) -> int:
    """The planner's guess; SQLite's makes none."""
    if connection.vendor != "postgresql":
        return 0
    plan = json.loads(reviews.explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def round_to_two_digits(number: int) -> int:
    """To two digits: a guess is no better."""
    return round(number, 1 - floor(log10(number)))

"""Pages of the queue, each begun where the one before ended, however far down that is."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.review.models import Review
from conversations.review.queue.filters import AFTER, BEFORE, Filters

SIZE = 50
# So far conversations are counted one by one.
BOUND = 1000


@dataclass(frozen=True)
class Page:
    reviews: Sequence[Review]
    # Where the pages around it begin, as the URL has it: "after=…"; empty where there is none.
    previous: tuple[str, str] | None = None
    next: tuple[str, str] | None = None


@dataclass(frozen=True)
class Neighbours:
    previous: uuid.UUID | None = None
    next: uuid.UUID | None = None


def page(reviews: QuerySet[Review], filters: Filters, *, after: str = "", before: str = "") -> Page:
    """At most one of the cursors makes sense. Raises ValueError for one that is none."""
    order, found = filters.order, filters.narrow(reviews)
    if before:
        place = order.read_cursor(before)
        rows = list(order.beyond(found, place, backwards=True)[: SIZE + 1])
        shown = rows[:SIZE][::-1]
        is_first, is_last = len(rows) <= SIZE, False
    else:
        rest = order.beyond(found, order.read_cursor(after)) if after else order.sort(found)
        rows = list(rest[: SIZE + 1])
        shown = rows[:SIZE]
        is_first, is_last = not after, len(rows) <= SIZE
    if not shown:
        return Page(shown)
    return Page(
        shown,
        previous=None if is_first else (BEFORE, order.cursor(shown[0])),
        next=None if is_last else (AFTER, order.cursor(shown[-1])),
    )


def neighbours(reviews: QuerySet[Review], filters: Filters, review: Review) -> Neighbours:
    """Those before and after it in the queue; also when it has left the queue meanwhile."""
    order, found = filters.order, filters.narrow(reviews).only("pk")
    place = order.place(review)
    before = order.beyond(found, place, backwards=True).first()
    after = order.beyond(found, place).first()
    return Neighbours(before.pk if before else None, after.pk if after else None)


def count(reviews: QuerySet[Review]) -> str:
    """In words, without ever counting a whole table: exact as far as that is quick."""
    reviews = reviews.order_by()
    found = reviews[: BOUND + 1].count()
    if found <= BOUND:
        words = ngettext("%(count)s conversation", "%(count)s conversations", found)
        return words % {"count": f"{found:,}"}
    if (estimate := estimated(reviews)) > BOUND:
        return _("about %(count)s conversations") % {"count": f"{rounded(estimate):,}"}
    return _("more than %(count)s conversations") % {"count": f"{BOUND:,}"}


def estimated(reviews: QuerySet[Review]) -> int:
    """The planner's guess; SQLite's makes none."""
    if connection.vendor != "postgresql":
        return 0
    plan = json.loads(reviews.explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def rounded(number: int) -> int:
    """To two digits: a guess is no better."""
    return round(number, 1 - floor(log10(number)))

"""How long a page of the queue is, and how many conversations there are."""

import json
from math import floor, log10

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.review.models import Review

SIZE = 50
# So far conversations are counted one by one.
BOUND = 1000


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

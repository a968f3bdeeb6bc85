"""The orders of the queue, and places in them.

A place is told by the values that a row is sorted by, not by a number: so a page that begins there
costs the same however far down it is, and rows that come or go meanwhile move nothing.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import takewhile
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.review.identities import PSEUDONYM
from conversations.review.models import Review

# What stands between the values of a cursor; none of them holds it.
BETWEEN = "_"


def moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
        if read.tzinfo is None:
            raise ValueError("a time has a zone")
        return read.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time before the first or after the last there is") from error


def whole(text: str) -> int:
    """As large as a column of it may be."""
    if not text.isascii() or not text.isdecimal() or int(text[:12]) > 2**31 - 1 or len(text) > 12:
        raise ValueError("no number, or too large a one")
    return int(text)


def money(text: str) -> Decimal:
    try:
        read = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("no number") from error
    if not read.is_finite() or abs(read) >= 10**6:
        raise ValueError("no amount")
    return read


def person(text: str) -> str:
    if not PSEUDONYM.fullmatch(text):
        raise ValueError("no pseudonym")
    return text


READERS: dict[str, Callable[[str], Any]] = {
    "last_activity_at": moment,
    "message_count": whole,
    "tokens": whole,
    "cost_usd": money,
    "person": person,
    "pk": uuid.UUID,
}


@dataclass(frozen=True)
class Order:
    # As the URL has it.
    name: str
    label: str | Promise
    # As `order_by` takes them; the last is unique.
    keys: tuple[str, ...]

    def sort(self, reviews: QuerySet[Review], *, backwards: bool = False) -> QuerySet[Review]:
        return reviews.order_by(*(turned(self.keys) if backwards else self.keys))

    def beyond(
        self, reviews: QuerySet[Review], place: Sequence[Any], *, backwards: bool = False
    ) -> QuerySet[Review]:
        """Those after a place, the nearest first; backwards, those before it."""
        keys = turned(self.keys) if backwards else self.keys
        return self.sort(reviews.filter(past(keys, place)), backwards=backwards)

    def place(self, review: Review) -> tuple[Any, ...]:
        return tuple(getattr(review, key.lstrip("-")) for key in self.keys)

    def cursor(self, review: Review) -> str:
        values = self.place(review)
        return BETWEEN.join(
            value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
            for value in values
        )

    def read_cursor(self, text: str) -> tuple[Any, ...]:
        """Raises ValueError for anything but a cursor of this order."""
        parts = text.split(BETWEEN)
        pairs = zip(self.keys, parts, strict=True)
        return tuple(READERS[key.lstrip("-")](part) for key, part in pairs)


def turned(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(key[1:] if key.startswith("-") else f"-{key}" for key in keys)


def past(keys: Sequence[str], place: Sequence[Any]) -> Q:
    """Compared as rows, which both databases can start reading an index by. Where the direction
    changes on the way, rows end: what is left is compared among those that are equal so far.
    """
    falling = keys[0].startswith("-")
    lead = list(takewhile(lambda key: key.startswith("-") == falling, keys))
    names = [key.lstrip("-") for key in lead]
    compare = TupleLessThan if falling else TupleGreaterThan
    further = Q(compare(Tuple(*map(F, names)), tuple(place[: len(lead)])))
    rest = keys[len(lead) :]
    if not rest:
        return further
    (name,) = names
    not_before = Q(**{f"{name}__{'lte' if falling else 'gte'}": place[0]})
    return not_before & (further | past(rest, place[len(lead) :]))


LATEST = Order("-activity", _("Latest activity first"), ("-last_activity_at", "-pk"))
ORDERS: Mapping[str, Order] = {
    order.name: order
    for order in (
        LATEST,
        Order("activity", _("Oldest activity first"), ("last_activity_at", "pk")),
        Order("-messages", _("Most messages first"), ("-message_count", "-pk")),
        Order("messages", _("Fewest messages first"), ("message_count", "pk")),
        Order("-tokens", _("Most tokens first"), ("-tokens", "-pk")),
        Order("tokens", _("Fewest tokens first"), ("tokens", "pk")),
        Order("-cost", _("Dearest first"), ("-cost_usd", "-pk")),
        Order("cost", _("Cheapest first"), ("cost_usd", "pk")),
        # Of pseudonyms, for everybody: the order must not give names away.
        Order("user", _("By user, 0 to Z"), ("person", "-last_activity_at", "-pk")),
        Order("-user", _("By user, Z to 0"), ("-person", "last_activity_at", "pk")),
    )
}

"""Keyset pagination: pages of a list, each begun where the one before ended.

Where a page begins is told by the values that the list is sorted by, not by a number. So a page
costs the same however far down it is, and rows that come or go meanwhile move nothing. See Markus
Winand, "Paging through results" (use-the-index-luke.com/no-offset).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from itertools import takewhile
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

from chatsite.core.storable import is_storable

# What stands between the values of a cursor; none of them holds it.
BETWEEN = "_"
# The greatest numbers that columns of integers hold.
GREATEST_INTEGER = 2**31 - 1
GREATEST_ID = 2**63 - 1
# The whole digits of an amount of money.
MONEY_DIGITS = 6
FIRST_DAY, LAST_DAY = date.min, date.max


class InvalidCursorError(ValueError):
    """What the URL has is no cursor of this list."""


@dataclass(frozen=True)
class Page[Row]:
    """Rows in the list's order, and the cursors of the pages around: `previous` ends before the
    first row, `next` begins after the last. Empty where there is none.
    """

    rows: Sequence[Row]
    previous: str = ""
    next: str = ""


def read_id(text: str) -> int:
    return _read_integer(text, GREATEST_ID)


def read_integer(text: str) -> int:
    return _read_integer(text, GREATEST_INTEGER)


def _read_integer(text: str, greatest: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= greatest):
        raise InvalidCursorError("no number, or too large a one")
    return int(text)


def read_text(text: str) -> str:
    if not is_storable(text):
        raise InvalidCursorError("no text that a column holds")
    return text


def read_moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise InvalidCursorError("a time has a zone")
    # A day's distance, so that it is a time in every zone.
    if not FIRST_DAY < read.date() < LAST_DAY:
        raise InvalidCursorError("a time before the first or after the last there is")
    return read.astimezone(UTC)


def read_money(text: str) -> Decimal:
    try:
        read = Decimal(text)
    except InvalidOperation as error:
        raise InvalidCursorError("no number") from error
    if not read.is_finite() or abs(read) >= 10**MONEY_DIGITS:
        raise InvalidCursorError("no amount")
    return read


@dataclass(frozen=True)
class Keyset:
    """An order of rows. `keys` are as `order_by` takes them, of columns that are never null, and
    all together unique; `readers` make a value of each column from what a cursor says.
    """

    keys: tuple[str, ...]
    readers: Mapping[str, Callable[[str], Any]]

    def page[Row](
        self, rows: QuerySet[Any, Row], size: int, *, after: str = "", before: str = ""
    ) -> Page[Row]:
        """Return the first rows, those after a cursor, or those before one. Raises
        InvalidCursorError.
        """
        if before:
            found = list(self.before(rows, self.read_cursor(before))[: size + 1])
            shown = found[:size][::-1]
            is_first, is_last = len(found) <= size, False
        else:
            rest = self.after(rows, self.read_cursor(after)) if after else self.sort(rows)
            found = list(rest[: size + 1])
            shown = found[:size]
            is_first, is_last = not after, len(found) <= size
        if not shown:
            return Page(shown)
        return Page(
            shown,
            previous="" if is_first else self.cursor_of(shown[0]),
            next="" if is_last else self.cursor_of(shown[-1]),
        )

    def sort[Row](self, rows: QuerySet[Any, Row]) -> QuerySet[Any, Row]:
        return rows.order_by(*self.keys)

    def after[Row](self, rows: QuerySet[Any, Row], values: Sequence[Any]) -> QuerySet[Any, Row]:
        """Return those that come after a place in the list, the nearest first."""
        return self.sort(rows.filter(_beyond(self.keys, values)))

    def before[Row](self, rows: QuerySet[Any, Row], values: Sequence[Any]) -> QuerySet[Any, Row]:
        """Return those that come before a place in the list, the nearest first."""
        return Keyset(_reversed(self.keys), self.readers).after(rows, values)

    def values_of(self, row: Any) -> tuple[Any, ...]:
        """Return a row's place in the list: an instance's, or that of a dict of values."""
        names = [key.lstrip("-") for key in self.keys]
        if isinstance(row, Mapping):
            return tuple(row[name] for name in names)
        return tuple(getattr(row, name) for name in names)

    def cursor_of(self, row: Any) -> str:
        return BETWEEN.join(
            value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
            for value in self.values_of(row)
        )

    def read_cursor(self, text: str) -> tuple[Any, ...]:
        """Raises InvalidCursorError for anything but a cursor of this order."""
        try:
            pairs = zip(self.keys, text.split(BETWEEN), strict=True)
            return tuple(self.readers[key.lstrip("-")](part) for key, part in pairs)
        except ValueError as error:
            raise InvalidCursorError(str(error)) from error


def _reversed(keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(key[1:] if key.startswith("-") else f"-{key}" for key in keys)


def _beyond(keys: Sequence[str], values: Sequence[Any]) -> Q:
    """Compared as rows, which both databases can start reading an index by. Where the direction
    changes on the way, rows end: what is left is compared among those that are equal so far.
    """
    falling = keys[0].startswith("-")
    lead = list(takewhile(lambda key: key.startswith("-") == falling, keys))
    names = [key.lstrip("-") for key in lead]
    if len(lead) == 1:
        further = Q((f"{names[0]}__{'lt' if falling else 'gt'}", values[0]))
    else:
        compare = TupleLessThan if falling else TupleGreaterThan
        further = Q(compare(Tuple(*map(F, names)), tuple(values[: len(lead)])))
    rest = keys[len(lead) :]
    if not rest:
        return further
    (name,) = names
    not_before = Q((f"{name}__{'lte' if falling else 'gte'}", values[0]))
    return not_before & (further | _beyond(rest, values[len(lead) :]))

"""Pages of a list by the values that it is sorted by, and what is no cursor."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chatsite.accounts.models import User
from chatsite.core.pagination import (
    InvalidCursorError,
    Keyset,
    read_id,
    read_integer,
    read_moment,
    read_money,
)
from conversations.models import Conversation

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
READERS: dict[str, Callable[[str], Any]] = {
    "title": str,
    "last_activity_at": read_moment,
    "pk": uuid.UUID,
}
KEYS = [
    ("-last_activity_at", "-pk"),
    ("last_activity_at", "pk"),
    ("title", "-last_activity_at", "-pk"),
    ("-title", "last_activity_at", "pk"),
]


@pytest.fixture
def rows(alice: User) -> None:
    """Seven, many of them alike."""
    for number in range(7):
        at = NOON + timedelta(hours=number // 3)
        Conversation.objects.create(owner=alice, title="ab"[number % 2], last_activity_at=at)


def walk(keyset: Keyset, *, backwards: bool) -> list[Conversation]:
    rows = Conversation.objects.all()
    pages = [keyset.page(rows, 2)]
    while cursor := pages[-1].next:
        pages.append(keyset.page(rows, 2, after=cursor))
    if backwards:
        pages = [pages[-1]]
        while cursor := pages[0].previous:
            pages.insert(0, keyset.page(rows, 2, before=cursor))
    return [row for page in pages for row in page.rows]


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("keys", KEYS)
def test_pages_hold_each_row_once_in_order(keys: tuple[str, ...], backwards: bool) -> None:
    keyset = Keyset(keys, READERS)
    assert walk(keyset, backwards=backwards) == list(Conversation.objects.order_by(*keys))


@pytest.mark.usefixtures("rows")
def test_rows_may_be_dicts_of_values() -> None:
    keyset = Keyset(("title", "pk"), READERS)
    rows = Conversation.objects.values("title", "pk")
    first = keyset.page(rows, 3)
    second = keyset.page(rows, 4, after=first.next)
    assert [*first.rows, *second.rows] == list(rows.order_by("title", "pk"))


def test_a_list_without_rows_has_no_other_pages() -> None:
    page = Keyset(("pk",), READERS).page(Conversation.objects.all(), 3)
    assert (page.rows, page.previous, page.next) == ([], "", "")


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (read_id, "-1"),
        (read_id, "٣"),
        (read_id, str(2**63)),
        (read_id, "9" * 400),
        (read_integer, str(2**31)),
        (read_moment, "2026-05-01T12:00:00"),
        (read_moment, "0001-01-01T00:00:00+00:00"),
        (read_moment, "9999-12-31T23:59:59+00:00"),
        (read_money, "NaN"),
        (read_money, "1e6"),
        (uuid.UUID, "\0"),
    ],
)
def test_what_no_column_holds_is_refused(reader: object, text: str) -> None:
    keyset = Keyset(("-pk",), {"pk": reader})  # type: ignore[dict-item]
    with pytest.raises(InvalidCursorError):
        keyset.read_cursor(text)

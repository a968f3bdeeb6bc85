"""Keeps the range of ids of each day's messages (`MessageDay`)."""

from collections.abc import Iterable
from datetime import UTC, date

from django.db import connection

from conversations.models import Message

# A row is written only where it grows; those of deleted messages stay as wide as they were.
EXTEND = """
INSERT INTO review_messageday AS known (day, first, last) VALUES {rows}
ON CONFLICT (day) DO UPDATE SET
    first = {least}(known.first, excluded.first), last = {greatest}(known.last, excluded.last)
WHERE excluded.first < known.first OR excluded.last > known.last
"""
FUNCTIONS = {
    "postgresql": {"least": "LEAST", "greatest": "GREATEST"},
    "sqlite": {"least": "MIN", "greatest": "MAX"},
}


def extend_ranges(messages: Iterable[Message]) -> None:
    ids: dict[date, list[int]] = {}
    for message in messages:
        ids.setdefault(message.created_at.astimezone(UTC).date(), []).append(message.pk)
    if not ids:
        return
    # In order, so that two processes don't wait for each other.
    values = [value for day in sorted(ids) for value in (day, min(ids[day]), max(ids[day]))]
    rows = ", ".join(["(%s, %s, %s)"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(EXTEND.format(rows=rows, **FUNCTIONS[connection.vendor]), values)

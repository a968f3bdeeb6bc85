"""Notes down between which ids the messages of each day are (`MessageDay`)."""

from collections.abc import Iterable
from datetime import UTC, date

from django.db import connection

from conversations.models import Message

# A row is written only where it grows; those of deleted messages stay as wide as they were.
WIDEN = """
INSERT INTO review_messageday AS known (day, first, last) VALUES (%s, %s, %s)
ON CONFLICT (day) DO UPDATE SET
    first = {least}(known.first, excluded.first), last = {greatest}(known.last, excluded.last)
WHERE excluded.first < known.first OR excluded.last > known.last
"""
FUNCTIONS = {
    "postgresql": {"least": "LEAST", "greatest": "GREATEST"},
    "sqlite": {"least": "MIN", "greatest": "MAX"},
}


def widen(messages: Iterable[Message]) -> None:
    """A statement for each of their days; most batches are of one."""
    ids: dict[date, list[int]] = {}
    for message in messages:
        ids.setdefault(message.created_at.astimezone(UTC).date(), []).append(message.pk)
    # In order, so that two processes don't wait for each other.
    rows = [(day, min(of_day), max(of_day)) for day, of_day in sorted(ids.items())]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(WIDEN.format(**FUNCTIONS[connection.vendor]), rows)

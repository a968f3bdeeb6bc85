"""The access log as CSV, read a batch at a time and sent as it is read."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from chatsite.core.connections import release_connection
from chatsite.core.csv_files import rows_as_csv
from conversations.review.audit.pages import AccessLogRow, make_rows
from conversations.review.identities import Identities
from conversations.review.models import AccessEntry

BATCH = 500
HEADINGS = (
    "time_utc",
    "what",
    "who",
    "who_id",
    "whose",
    "whose_id",
    "conversation",
    "reason",
    "address",
    "search_terms_hmac",
    "search_words",
    "conversations_shown",
    "details",
)


def as_csv(entries: QuerySet[AccessEntry], identities: Identities) -> Iterator[bytes]:
    """The newest first; what is logged while it is sent is not in it."""
    return rows_as_csv(list_rows(entries, identities))


def list_rows(entries: QuerySet[AccessEntry], identities: Identities) -> Iterator[tuple[Any, ...]]:
    yield HEADINGS
    batch = list(entries.order_by("-pk")[:BATCH])
    while batch:
        cells = [as_row(each) for each in make_rows(batch, identities)]
        # Nothing is held while the reader takes their time.
        release_connection()
        yield from cells
        batch = list(entries.filter(pk__lt=batch[-1].pk).order_by("-pk")[:BATCH])
    release_connection()


def as_row(shown_entry: AccessLogRow) -> tuple[Any, ...]:
    entry = shown_entry.entry
    return (
        entry.at.astimezone(UTC).isoformat(),
        entry.action,
        shown_entry.who,
        entry.actor,
        shown_entry.whose,
        entry.subject,
        entry.conversation or "",
        entry.reason,
        entry.address or "",
        entry.terms,
        shown_entry.words,
        shown_entry.count or "",
        json.dumps(entry.details, ensure_ascii=False) if entry.details else "",
    )

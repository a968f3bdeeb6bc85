"""What users are told of reviews, where the policy says so: when one of their conversations was
opened; not by whom, nor why. Holds, searches and exports are none of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import AccessEntry, ReviewPolicy

SIZE = 50
# Rows of the download at a time.
BATCH = 1000


@dataclass(frozen=True)
class Reading:
    at: datetime
    # None when it is no longer theirs to see.
    conversation: Conversation | None


@dataclass(frozen=True)
class ReadingsPage:
    readings: Sequence[Reading]
    # Where the next page begins; None at the end.
    older: int | None


def are_told() -> bool:
    return ReviewPolicy.current().tells_users


def readings_page(user: User, before: int | None) -> ReadingsPage:
    """Of their conversations, the latest first."""
    entries = entries_about(user)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    rows = list(entries[: SIZE + 1])
    page = rows[:SIZE]
    theirs = Conversation.objects.filter(owner=user).only("id", "title")
    by_id = theirs.in_bulk(ids_of(page))
    return ReadingsPage(
        readings=[
            Reading(row.at, by_id.get(row.conversation) if row.conversation else None)
            for row in page
        ],
        older=page[-1].pk if len(rows) > SIZE else None,
    )


def readings_record(user: User) -> dict[str, Any]:
    """For “download my data”."""
    if not are_told():
        return {}
    rows = entries_about(user).reverse().only("at", "conversation").iterator(BATCH)
    return {
        "reviews": [{"opened_at": row.at, "conversation": str(row.conversation)} for row in rows]
    }


def entries_about(user: User) -> QuerySet[AccessEntry]:
    kind = AccessEntry.Kind.TRANSCRIPT
    return AccessEntry.objects.filter(subject=user.pseudonym, kind=kind).order_by("-pk")


def ids_of(rows: Iterable[AccessEntry]) -> list[Any]:
    return [row.conversation for row in rows if row.conversation]

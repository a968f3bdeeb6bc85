"""What users are told of reviews, where the policy says so: when one of their conversations was
opened; not by whom, nor why. Holds, searches and exports are none of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate

from chatsite.accounts.models import User
from conversations.models import Conversation
from conversations.review.models import AccessEntry, ReviewPolicy

SIZE = 50
# Rows of the download at a time.
BATCH = 1000


@dataclass(frozen=True)
class Reading:
    """Of one conversation on one day of its owner's."""

    # How often it was opened that day, and when at last.
    times: int
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
    days = entries_about(user).values("conversation", day=TruncDate("at"))
    found = days.annotate(times=Count("pk"), at=Max("at"), last=Max("pk")).order_by("-last")
    if before is not None:
        found = found.filter(last__lt=before)
    rows = list(found[: SIZE + 1])
    page = rows[:SIZE]
    theirs = Conversation.objects.filter(owner=user).only("id", "title")
    by_id = theirs.in_bulk([row["conversation"] for row in page])
    return ReadingsPage(
        readings=[Reading(row["times"], row["at"], by_id.get(row["conversation"])) for row in page],
        older=page[-1]["last"] if len(rows) > SIZE else None,
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

"""What users are told of reviews, where the policy says so: when one of their conversations was
opened, or something of it shown by a list, a search or an export; not to whom, nor why. Legal holds
are none of it, nor is what was seen of a conversation after its owner had deleted it.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, FilteredRelation, Max, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, TruncDate
from django.http import Http404
from django.utils.translation import ngettext

from chatsite.accounts.models import User
from chatsite.core.pagination import InvalidCursorError, Keyset, Page, read_id
from conversations.models import Conversation
from conversations.review.audit.services import DELETED
from conversations.review.models import AccessEntry, Disclosure, ReviewPolicy

SIZE = 50
# Rows of the download at a time.
BATCH = 1000
Kind = AccessEntry.Kind
# How a conversation may have been seen → the entries that say so.
WAYS = {
    "opened": Q(kind__in=(Kind.TRANSCRIPT, Kind.FILE)),
    "listed": Q(kind=Kind.LIST) | Q(kind=Kind.SEARCH, place="titles"),
    "found": Q(kind=Kind.TRIAL) | Q(kind=Kind.SEARCH, place=""),
    "exported": Q(kind=Kind.EXPORT),
}


@dataclass(frozen=True)
class ReviewNotice:
    """Of one conversation on one day of its owner's."""

    # How often it was seen that day, by each of the ways, and when at last.
    opened: int
    listed: int
    found: int
    exported: int
    at: datetime
    # None when it is no longer theirs to see.
    conversation: Conversation | None

    @property
    def ways(self) -> list[str]:
        """In words, those by which it was seen."""
        counts = (
            (self.opened, ngettext("opened", "opened %(number)d times", self.opened)),
            (self.listed, ngettext("in a list", "in lists %(number)d times", self.listed)),
            (self.found, ngettext("in a search", "in searches %(number)d times", self.found)),
            (self.exported, ngettext("exported", "exported %(number)d times", self.exported)),
        )
        return [words % {"number": number} for number, words in counts if number]


# An entry may be the last of many conversations.
LATEST_FIRST = Keyset(("-last", "talk"), {"last": read_id, "talk": uuid.UUID})


def are_review_notices_on() -> bool:
    return ReviewPolicy.current().tells_users


def list_review_notices(user: User, before: str) -> Page[ReviewNotice]:
    """Return a page of those of their conversations, the latest first. Raises Http404 for one that
    there is not.
    """
    days = entries_about(user).order_by().values("talk", day=TruncDate("at"))
    ways: dict[str, Any] = {name: Count("pk", filter=condition) for name, condition in WAYS.items()}
    found = days.annotate(**ways, latest=Max("at"), last=Max("pk"))
    try:
        page = LATEST_FIRST.page(found, SIZE, after=before)
    except InvalidCursorError:
        raise Http404 from None
    theirs = Conversation.objects.filter(owner=user, deleted_at=None).only("id", "title")
    by_id = theirs.in_bulk([row["talk"] for row in page.rows])
    readings = [
        ReviewNotice(
            **{name: row[name] for name in WAYS},
            at=row["latest"],
            conversation=by_id.get(row["talk"]),
        )
        for row in page.rows
    ]
    return Page(readings, previous=page.previous, next=page.next)


def export_review_notices(user: User) -> dict[str, Any]:
    """For “download my data”."""
    if not are_review_notices_on():
        return {}
    rows = entries_about(user).order_by("pk", "talk").values("at", "talk", "kind", "place")
    return {
        "reviews": [
            {"at": row["at"], "how": way_of(row), "conversation": str(row["talk"])}
            for row in rows.iterator(BATCH)
        ]
    }


def way_of(row: Mapping[str, Any]) -> str:
    """One of the ways, of a row of an entry."""
    if row["kind"] == Kind.SEARCH:
        return "listed" if row["place"] else "found"
    ways = {Kind.TRANSCRIPT: "opened", Kind.LIST: "listed", Kind.TRIAL: "found"}
    return ways.get(row["kind"], "exported")


def entries_about(user: User) -> QuerySet[Any, Any]:
    """Each as often as it showed one of their conversations, `talk`."""
    person = user.pseudonym
    opened = AccessEntry.objects.filter(subject=person, kind=Kind.TRANSCRIPT)
    seen_by_them = opened.exclude(details__has_key=DELETED).order_by().values("pk")
    showing = Disclosure.objects.filter(person=person, is_told=True).values("entry")
    theirs = FilteredRelation("shown", condition=Q(shown__person=person, shown__is_told=True))
    entries: QuerySet[Any, Any] = AccessEntry.objects.annotate(theirs=theirs)
    found: QuerySet[Any, Any] = entries.filter(pk__in=seen_by_them.union(showing)).annotate(
        talk=Coalesce("theirs__conversation", "conversation"),
        place=Coalesce(KeyTextTransform("in", "details"), Value(""), output_field=CharField()),
    )
    return found

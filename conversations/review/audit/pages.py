"""Pages of the access log."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatsite.core.pagination import InvalidCursorError, Keyset, Page, read_id
from conversations.review.audit import search_words
from conversations.review.identities import Identities
from conversations.review.models import AccessEntry, Disclosure

SIZE = 50
# Conversations that are listed of one entry: an export may have shown all that there are.
LISTED = 1000
NAMES = {
    "found": _("found"),
    "total": _("conversations"),
    "format": _("format"),
    "rule": _("rule no."),
    "trial": _("trial no."),
    "in": _("in"),
    "by": _("by"),
    "days": _("days"),
    "who": _("who"),
    "whose": _("whose"),
    "what": _("what"),
    "conversation": _("conversation"),
    "entry": _("entry no."),
    "deleted": _("deleted by its user"),
    "since": _("from"),
    "until": _("until"),
}
NEWEST_FIRST = Keyset(("-pk",), {"pk": read_id})


@dataclass(frozen=True)
class AccessLogRow:
    entry: AccessEntry
    who: str
    whose: str
    # What was searched for, while that is known.
    words: str = ""
    # How many conversations it showed, where it is of several.
    count: int = 0

    @property
    def details(self) -> list[tuple[str, str]]:
        """In words; a count that was cut short says so."""
        details = dict(self.entry.details)
        if details.pop("more", False):
            details["found"] = gettext("at least %(number)s") % {"number": details.get("found")}
        filters = details.pop("filters", {})
        return [
            *(
                (str(NAMES.get(name, name)), describe_value(value))
                for name, value in details.items()
            ),
            *((gettext("filter %(name)s") % {"name": name}, it) for name, it in filters.items()),
        ]


def describe_value(value: Any) -> str:
    return number_format(value, force_grouping=True) if isinstance(value, int) else str(value)


def read_log_page(
    entries: QuerySet[AccessEntry], data: Mapping[str, str], identities: Identities
) -> Page[AccessLogRow]:
    """Return the newest, or those `before` or `after` an id, as the URL has them. Raises Http404
    for what is none.
    """
    older_than, newer_than = data.get("before", ""), data.get("after", "")
    try:
        page = NEWEST_FIRST.page(entries, SIZE, after=older_than, before=newer_than)
    except InvalidCursorError:
        raise Http404 from None
    return Page(make_rows(page.rows, identities), previous=page.previous, next=page.next)


def make_rows(rows: Sequence[AccessEntry], identities: Identities) -> list[AccessLogRow]:
    """In three queries at most, however many they are."""
    identities.fetch(person for row in rows for person in (row.actor, row.subject))
    words, counts = search_words.find_words(rows), counts_of(rows)
    return [
        AccessLogRow(
            row,
            who=identities.name(row.actor),
            whose=identities.name(row.subject),
            words=words.get(row.terms, ""),
            count=counts.get(row.pk, 0),
        )
        for row in rows
    ]


def counts_of(rows: Sequence[AccessEntry]) -> dict[int, int]:
    of_rows = Disclosure.objects.filter(entry__in=rows).order_by().values_list("entry")
    return dict(of_rows.annotate(count=Count("pk")))


@dataclass(frozen=True)
class DisclosedConversation:
    conversation: uuid.UUID
    person: str
    name: str


def conversations_of(entry: int, identities: Identities) -> list[DisclosedConversation]:
    """What an entry showed, the first so many."""
    rows = Disclosure.objects.filter(entry=entry).order_by("pk")[:LISTED]
    pairs = list(rows.values_list("conversation", "person"))
    identities.fetch(person for _conversation, person in pairs)
    return [DisclosedConversation(talk, person, identities.name(person)) for talk, person in pairs]

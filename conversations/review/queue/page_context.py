"""What the page of the queue shows: its rows, and the ways to other rows."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.accounts.models import User
from chatsite.core.pagination import InvalidCursorError, Page
from conversations.review import queries as selectors
from conversations.review.filters.choices import Choices, Words
from conversations.review.filters.descriptions import describe_filters
from conversations.review.filters.filters import AFTER, BEFORE, Filters
from conversations.review.filters.orders import LATEST
from conversations.review.identities import Identities
from conversations.review.models import Review, SavedFilter
from conversations.review.queue import pages
from conversations.review.queue.bulk_form import BulkForm
from conversations.review.queue.pages import SIZE

SHOWN = (
    *("state", "version", "person", "model", "last_activity_at", "message_count", "tokens"),
    *("cost_usd", "thumbs_up", "thumbs_down", "flag_count", "failed_count", "stopped_count"),
    *("conversation__title", "conversation__is_held", "conversation__owner_id"),
    "conversation__deleted_from",
    *("verdict__name", "verdict__tone", "assignee__username"),
)
WAITING = {"state": Review.State.WAITING.value}
TABS: tuple[tuple[Words, Mapping[str, str]], ...] = (
    (gettext_lazy("To review"), WAITING),
    (gettext_lazy("Mine"), {**WAITING, "assignee": "me"}),
    (gettext_lazy("Flagged"), {"flag": "any"}),
    (gettext_lazy("Reviewed"), {"state": Review.State.REVIEWED.value}),
    (gettext_lazy("All"), {}),
)
# Title, class, and by which order it is sorted at first and at the second click.
COLUMNS: tuple[tuple[Words, str, tuple[str, ...]], ...] = (
    (gettext_lazy("Conversation"), "conversation", ()),
    (gettext_lazy("User"), "user", ("user", "-user")),
    (gettext_lazy("Messages"), "number", ("-messages", "messages")),
    (gettext_lazy("Tokens"), "number", ("-tokens", "tokens")),
    (gettext_lazy("Cost"), "number", ("-cost", "cost")),
    (gettext_lazy("Last activity"), "time", ("-activity", "activity")),
    (gettext_lazy("Signals"), "signals", ()),
    (gettext_lazy("Review"), "state", ()),
    (gettext_lazy("Assigned to"), "assignee", ()),
)


@dataclass(frozen=True)
class QueueRow:
    review: Review
    user: str
    url: str
    user_url: str
    # The conversation from which its user deleted it, if that is there.
    origin_url: str


@dataclass(frozen=True)
class QueueLink:
    label: Words
    url: str
    is_current: bool = False
    kind: str = ""
    # As `aria-sort` has it; empty where the list isn't sorted by it.
    direction: str = ""


def build_context(
    reader: User,
    shown: Page[Review],
    filters: Filters,
    identities: Identities,
    choices: Choices,
    cursors: Mapping[str, str],
) -> dict[str, Any]:
    reviews = selectors.reviews_for(reader)
    person = filters.chosen.get("user", "")
    identities.fetch([person, *(review.person for review in shown.rows)])
    origins = selectors.find_origins(reader, [review.conversation for review in shown.rows])
    return {
        "filters": filters,
        "chips": list(list_chips(filters, identities)),
        "tabs": list(list_tabs(filters)),
        "columns": list(list_columns(filters)),
        "rows": [make_row(review, filters, identities, origins) for review in shown.rows],
        "count": pages.describe_count(filters.apply(reviews)),
        "previous": page_url(filters, BEFORE, shown.previous),
        "next": page_url(filters, AFTER, shown.next),
        "first": queue_url(filters.query) if cursors else "",
        "saved_filters": SavedFilter.objects.filter(user=reader),
        "bulk": BulkForm(choices=choices, reader=reader),
        "here": urlencode(dict(filters.chosen) | dict(cursors)),
    }


def read_queue_page(
    reviews: QuerySet[Review], filters: Filters, cursors: Mapping[str, str]
) -> tuple[Page[Review], list[str]]:
    """The page that is wanted, or the first if there is none such."""
    found = reviews.select_related("conversation", "verdict", "assignee").only(*SHOWN)
    found = filters.narrow(found)
    try:
        return filters.order.page(found, SIZE, **cursors), []
    except InvalidCursorError:
        words = _("The address of the page isn’t understood, so this is the first one.")
        return filters.order.page(found, SIZE), [words]


def queue_url(query: str = "") -> str:
    url = reverse("admin:review_review_changelist")
    return f"{url}?{query}" if query else url


def page_url(filters: Filters, name: str, cursor: str) -> str:
    """Return the address of the page that a cursor leads to; empty without one."""
    return queue_url(urlencode({**filters.chosen, name: cursor})) if cursor else ""


def make_row(
    review: Review, filters: Filters, identities: Identities, origins: Collection[uuid.UUID]
) -> QueueRow:
    origin = review.conversation.deleted_from
    return QueueRow(
        review,
        user=identities.name(review.person),
        url=transcript_url(review.pk, filters),
        user_url=queue_url(filters.query_with(user=review.person)),
        origin_url=transcript_url(origin, filters) if origin and origin in origins else "",
    )


def transcript_url(conversation_id: uuid.UUID, filters: Filters) -> str:
    url = reverse("admin:review_review_change", args=[conversation_id])
    return f"{url}?{filters.query}" if filters.query else url


def list_chips(filters: Filters, identities: Identities) -> Iterator[QueueLink]:
    """Each filter that is on, with the way to be rid of it."""
    for name, label in describe_filters(filters, identities):
        yield QueueLink(label, queue_url(filters.query_with(**{name: ""})))


def list_tabs(filters: Filters) -> Iterator[QueueLink]:
    on = {name: text for name, text in filters.chosen.items() if name != "sort"}
    fitting = [wanted for _label, wanted in TABS if wanted.items() <= on.items()]
    # “All” fits whatever is on, so the one that says most.
    current = max(fitting, key=len)
    for label, wanted in TABS:
        yield QueueLink(label, queue_url(urlencode(wanted)), is_current=wanted is current)


def list_columns(filters: Filters) -> Iterator[QueueLink]:
    for label, kind, orders in COLUMNS:
        if not orders:
            yield QueueLink(label, "", kind=kind)
            continue
        on = filters.order.name
        following = orders[1] if on == orders[0] else orders[0]
        # The one that lists anyway needs no word for it.
        url = queue_url(filters.query_with(sort="" if following == LATEST.name else following))
        falling = "descending" if on.startswith("-") else "ascending"
        yield QueueLink(label, url, kind=kind, direction=falling if on in orders else "")

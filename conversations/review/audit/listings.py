"""Pages that list conversations: each is noted down before it is sent, with its filters and with
what it shows. One that is filtered by words of titles is a search.
"""

from collections.abc import Iterable

from django.http import HttpRequest

from conversations.models import Conversation
from conversations.review.audit import services as access_log
from conversations.review.models import AccessEntry, Review
from conversations.review.queue.filters import Filters
from conversations.views.access import SignedInRequest

Kind = AccessEntry.Kind


def words_of(filters: Filters) -> str:
    return filters.chosen.get("title", "")


def record_queue(request: SignedInRequest, filters: Filters, reviews: Iterable[Review]) -> None:
    """A page of the queue."""
    record(request, "queue", [review.conversation for review in reviews], filters)


def record_title_search(request: SignedInRequest, filters: Filters) -> None:
    """Where titles were searched and nothing but a number comes of it."""
    if words_of(filters):
        record(request, "queue", [], filters)


def record(
    request: HttpRequest,
    place: str,
    shown: Iterable[Conversation],
    filters: Filters | None = None,
) -> None:
    filters = filters or Filters()
    words = words_of(filters)
    chosen = filters.chosen_without_names
    access_log.record(
        request,
        Kind.SEARCH if words else Kind.LIST,
        subject=filters.chosen.get("user", ""),
        terms=words,
        details={"in": "titles" if words else place} | ({"filters": chosen} if chosen else {}),
        shown=shown,
    )

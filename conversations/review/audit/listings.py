"""Pages that list conversations: each is noted down before it is sent, with its filters and with
what it shows. One that is filtered by words of titles is a search.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from django.http import HttpRequest

from chatsite.accounts.access import SignedInRequest
from conversations.models import Conversation
from conversations.review.audit import services as access_log
from conversations.review.models import AccessEntry, Review

Kind = AccessEntry.Kind


class ListFilters(Protocol):
    """What the log says of the filters of a list."""

    @property
    def chosen(self) -> Mapping[str, str]: ...

    @property
    def chosen_without_names(self) -> dict[str, str]: ...


def searched_words(filters: ListFilters) -> str:
    return filters.chosen.get("title", "")


def record_queue(request: SignedInRequest, filters: ListFilters, reviews: Iterable[Review]) -> None:
    """A page of the queue."""
    record_listing(request, "queue", [review.conversation for review in reviews], filters)


def record_title_search(request: SignedInRequest, filters: ListFilters) -> None:
    """Where titles were searched and nothing but a number comes of it."""
    if searched_words(filters):
        record_listing(request, "queue", [], filters)


def record_listing(
    request: HttpRequest,
    place: str,
    shown: Iterable[Conversation],
    filters: ListFilters | None = None,
) -> None:
    words = searched_words(filters) if filters else ""
    chosen = filters.chosen_without_names if filters else {}
    access_log.record_access(
        request,
        Kind.SEARCH if words else Kind.LIST,
        subject=filters.chosen.get("user", "") if filters else "",
        terms=words,
        details={"in": "titles" if words else place} | ({"filters": chosen} if chosen else {}),
        shown=shown,
    )

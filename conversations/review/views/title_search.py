"""The queue's filter by words of titles is a search: whoever is shown what comes of it is noted
down, on whichever page that is.
"""

from conversations.review.models import AccessEntry
from conversations.review.queue.filters import Filters
from conversations.review.services import access_log
from conversations.views.access import SignedInRequest


def words_of(filters: Filters) -> str:
    return filters.chosen.get("title", "")


def record(request: SignedInRequest, filters: Filters) -> None:
    """Where titles were searched."""
    if words := words_of(filters):
        person = filters.chosen.get("user", "")
        kind = AccessEntry.Kind.SEARCH
        access_log.record(request, kind, subject=person, terms=words, details={"in": "titles"})

"""The filters and the order of the queue, as its URL says them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from conversations.review.identities import Identities
from conversations.review.models import Review


@dataclass(frozen=True)
class Filters:
    # As the URL has them, in one order, without the page: "state=waiting&sort=-tokens".
    query: str = ""

    @classmethod
    def read(cls, data: Mapping[str, str], identities: Identities) -> "Filters":
        return cls()

    def apply(self, reviews: QuerySet[Review]) -> QuerySet[Review]:
        """Those that pass, in the order asked for."""
        return reviews

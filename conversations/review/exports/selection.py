"""Which conversations an export is of: those that passed the filters when it began.

Their ids are kept, 16 bytes each, and the rest is read as it is written. So whatever happens
meanwhile, each comes once and in one order (that of the ids), and how many they are is known.
"""

import uuid
from collections.abc import Iterator

from django.db.models import QuerySet

from conversations.review.models import Review

# Ids read at a time.
PAGE = 5_000
SIZE = 16


class ExportSelection:
    def __init__(self, reviews: QuerySet[Review]) -> None:
        self._ids = bytearray()
        self._pseudonyms: set[str] = set()
        rows = reviews.order_by("pk").values_list("pk", "person")
        page = list(rows[:PAGE])
        while page:
            self._add(page)
            page = list(rows.filter(pk__gt=page[-1][0])[:PAGE]) if len(page) == PAGE else []

    def _add(self, page: list[tuple[uuid.UUID, str]]) -> None:
        # Filters over several tables may find one twice.
        self._ids += b"".join(pk.bytes for pk in dict(page))
        if len(self._pseudonyms) < 2:
            self._pseudonyms |= {pseudonym for _pk, pseudonym in page}

    def __len__(self) -> int:
        return len(self._ids) // SIZE

    @property
    def pseudonym(self) -> str:
        """The owner's, where they all are one user's; otherwise ""."""
        return next(iter(self._pseudonyms)) if len(self._pseudonyms) == 1 else ""

    def split_ids(self, size: int) -> Iterator[list[uuid.UUID]]:
        for start in range(0, len(self._ids), size * SIZE):
            part = self._ids[start : start + size * SIZE]
            yield [uuid.UUID(bytes=bytes(part[at : at + SIZE])) for at in range(0, len(part), SIZE)]

"""Deleted text, out of SQLite's search indexes.

FTS5 only adds to its files: that a document is deleted is written beside the terms that it had, and
those stay until all parts of the index have been merged into one. So after a deletion, which a
trigger notes down (`Cleaning`), all are merged: in small steps, as each holds the lock for writing,
and with pauses, as it means writing the whole index anew. Then the database's files are scrubbed.

On PostgreSQL there is nothing to do: vacuum takes deleted rows out of its indexes.
"""

import time
from collections.abc import Iterator

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from chatsite.databases.sqlite import secure_vacuum
from chatsite.jobs import attempts
from chatsite.jobs.registry import Job
from conversations.search.models import Cleaning
from conversations.search.sqlite_indexes import INDEXED

INDEXES = tuple(index for _key, indexes in INDEXED.values() for index in indexes)
# A step writes so many pages of 4 kB, in some 10 ms.
PAGES = 100
STEPS = 10
PAUSE = 0.01  # seconds
# After a compaction so many times as long as it took.
REST = 10.0
JOB = Job("index cleaning", _("Pieces of deleted text stay in the search index."))


class IndexCompactor:
    """Compacts the indexes bit by bit, for a thread that comes by every second."""

    def __init__(self) -> None:
        self._steps: Iterator[str] | None = None
        self._began = self._rest_until = 0.0

    def work(self) -> None:
        if self._steps is None:
            self._began = time.monotonic()
            if self._began < self._rest_until or not is_compaction_due():
                return
            self._steps = compact_in_steps()
        with attempts.attempt_alone(JOB.name, "search index") as is_tried:
            if is_tried:
                self._go_on(self._steps)
            else:
                self._rest()

    def _go_on(self, cleaning: Iterator[str]) -> None:
        for _step in range(STEPS):
            # Also once it has broken off: then it is still due.
            if not next(cleaning, ""):
                self._rest()
                return
            time.sleep(PAUSE)

    def _rest(self) -> None:
        now = time.monotonic()
        self._steps = None
        self._rest_until = now + REST * (now - self._began)


def compact_indexes(timeout: float = secure_vacuum.TIMEOUT) -> bool:
    """Compact the indexes and vacuum now; return False when the vacuum was held up, which then
    follows. For commands: it takes as long as it takes to write the indexes anew.
    """
    if is_compaction_due():
        for _step in compact_in_steps():
            time.sleep(PAUSE)
    return secure_vacuum.scrub_files(timeout)


def is_compaction_due() -> bool:
    return connection.vendor == "sqlite" and Cleaning.objects.filter(done__lt=F("asked")).exists()


def compact_in_steps() -> Iterator[str]:
    """Compact once, for all that was deleted until it began; each step is a transaction, in
    the index that it yields.
    """
    asked = Cleaning.objects.values_list("asked", flat=True).get()
    for index in INDEXES:
        # The first makes all parts to be merged; after that, parts that are added don't count.
        merge_segments(index, -PAGES)
        yield index
        while merge_segments(index, PAGES):
            yield index
    Cleaning.objects.update(done=asked)
    secure_vacuum.scrub_soon()


def merge_segments(index: str, pages: int) -> bool:
    """Merge; say whether there was anything. See “The 'merge' command” in FTS5's documentation."""
    with connection.cursor() as cursor:
        before = count_changes(cursor)
        cursor.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', %s)", [pages])  # noqa: S608
        return count_changes(cursor) - before >= 2


def count_changes(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])

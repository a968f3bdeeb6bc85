"""Attempts: a job that killed its process is not taken up a second time the same way.

Whatever a job works at is committed before it begins. A process that starts finds what the last one
was at when it died, and counts a crash for each item of it. Such items are tried once alone, so
that of many the one to blame is found; after the second crash an item is set aside, and
administrators read of it. A stop on purpose doesn't count.

Only a serving process records: of a command, whoever called it sees the end. Where several serve,
each looks now and then at what those that died have left.
"""

import contextlib
import logging
from collections.abc import Collection, Iterable, Iterator

from django.db import Error, transaction
from django.db.models import F
from django.utils import timezone

from chatsite.jobs import processes
from chatsite.jobs.models import Attempt, CrashedItem
from chatsite.jobs.processes import PROCESS
from chatsite.jobs.registry import JOBS

logger = logging.getLogger(__name__)

# Crashes after which an item is set aside.
LIMIT = 2

_is_recording = False
# The end of the process is no stop on purpose, whoever else says so.
_is_aborted = False
# Attempts that ended while the database could not be written.
_uncleared: set[int] = set()


def start_recording() -> None:
    """Begin, at the start of a serving process."""
    global _is_recording
    record_crashes()
    _is_recording = True


@transaction.atomic
def record_crashes() -> None:
    """Count what those were at that died. Where one process serves, that is all that is left."""
    left = Attempt.objects.exclude(process=PROCESS).exclude(process__in=processes.list_living())
    for attempt in left.select_for_update().order_by("pk"):
        for item in attempt.items:
            record_crash(attempt.job, item)
        attempt.delete()


def record_crash(job: str, item: str) -> None:
    now = timezone.now()
    crashed, is_new = CrashedItem.objects.get_or_create(job=job, item=item)
    if not is_new:
        CrashedItem.objects.filter(pk=crashed.pk).update(crashes=F("crashes") + 1, crashed_at=now)
        crashed.refresh_from_db()
    if crashed.crashes < LIMIT:
        logger.error("%s: the process died at it; it is tried once more, alone", crashed)
        return
    CrashedItem.objects.filter(pk=crashed.pk).update(set_aside_at=now)
    logger.error("%s: the process died at it again; it is set aside", crashed)


def stop_recording() -> None:
    """Stop on purpose: whatever is under way is taken up the same way the next time."""
    global _is_recording
    if _is_aborted:
        return
    _is_recording = False
    try:
        Attempt.objects.filter(process=PROCESS).delete()
    except Error:
        logger.warning("what is under way may count as a crash: the database can't be written")


def mark_aborted() -> None:
    """Note that the process is killed because it answers no more. Touches no database."""
    global _is_aborted
    _is_aborted = True


@contextlib.contextmanager
def record_attempt(job: str, items: Iterable[str]) -> Iterator[None]:
    """Record work at these items, outside of a transaction: it is to be seen when the process dies.
    Raises an error of the database when it can't be recorded, and then nothing is tried.
    """
    if not _is_recording:
        yield
        return
    clear_attempts(_uncleared)
    recorded = Attempt.objects.create(job=job, items=[*items], process=PROCESS)
    try:
        yield
    finally:
        # Also when the work failed: then the process lives, and may try it again.
        _uncleared.add(recorded.pk)
        with contextlib.suppress(Error):
            clear_attempts({recorded.pk})


def clear_attempts(pks: Collection[int]) -> None:
    """Delete attempts, in a transaction of the work's, with which they count as ended."""
    if pks:
        done = set(pks)
        Attempt.objects.filter(pk__in=done).delete()
        _uncleared.difference_update(done)


def count_crashes(job: str, items: Iterable[str]) -> dict[str, int]:
    """Return how often the process has died at those of these items at which it has."""
    found = CrashedItem.objects.filter(job=job, item__in=[*items])
    return dict(found.values_list("item", "crashes"))


def clear_crashes(job: str, item: str) -> None:
    """Forgive an item that went well alone: it was not to blame."""
    CrashedItem.objects.filter(job=job, item=item, set_aside_at=None).delete()


@transaction.atomic
def try_again(crashed: CrashedItem) -> None:
    """Try an item once more, alone; another crash sets it aside at once."""
    aside = CrashedItem.objects.filter(pk=crashed.pk, set_aside_at__isnull=False)
    if aside.update(set_aside_at=None, crashes=LIMIT - 1) and (job := JOBS.get(crashed.job)):
        job.ask_again(crashed.item)


def list_items_set_aside(job: str) -> list[str]:
    aside = CrashedItem.objects.filter(job=job, set_aside_at__isnull=False)
    return list(aside.values_list("item", flat=True))


@contextlib.contextmanager
def attempt_alone(job: str, item: str) -> Iterator[bool]:
    """Record work that is one item; yield False if it is set aside: nothing is to be done."""
    if not _is_recording:
        yield True
        return
    crashes = count_crashes(job, [item]).get(item, 0)
    if crashes >= LIMIT:
        yield False
        return
    with record_attempt(job, [item]):
        yield True
    if crashes:
        clear_crashes(job, item)

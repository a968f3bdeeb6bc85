"""The processes that serve the site, and which of them live.

A site of one process (without `REDIS_URL`) keeps no list: whatever else was there before is dead.
Of several each has a row and says every few seconds, by the database's clock, that it lives; one
that has been silent for longer is dead, and what it was at is taken up by others.

Where nobody could say so, because the database was away, silence means nothing: a process that was
itself not heard judges no other until all have had time to say that they live.
"""

import time
import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from chatsite.jobs.models import ServerProcess

# Names this life of this process; what an earlier life left unfinished is told by another name.
PROCESS = uuid.uuid4()

# Seconds between two signs of life.
INTERVAL = 3.0
# After so long without one a process is dead.
SILENCE = timedelta(seconds=30)
# Seconds without one after which this process itself was not heard, and seconds that all get then.
GAP = 3 * INTERVAL
SETTLING = 3 * INTERVAL
# After so long nobody asks for it any more.
FORGOTTEN = timedelta(days=1)


class SignsOfLife:
    """When this process has said that it lives, by its own monotonic clock."""

    def __init__(self) -> None:
        # The last time, and the first since when there was no gap; None where it never did.
        self._last: float | None = None
        self._first = 0.0

    def note(self) -> None:
        now = time.monotonic()
        if self._last is None or now - self._last > GAP:
            self._first = now
        self._last = now

    def are_unbroken(self) -> bool:
        """Whether it was heard for long enough that others were as well. True of a command, which
        says nothing.
        """
        now = time.monotonic()
        return self._last is None or (now - self._last <= GAP and now - self._first >= SETTLING)


_signs = SignsOfLife()


def are_several() -> bool:
    """Whether other processes may serve the same database."""
    return bool(settings.REDIS_URL)


def say_alive() -> None:
    """Say that this process lives; the first time, and after it was forgotten, it is listed."""
    if not ServerProcess.objects.filter(pk=PROCESS).update(seen_at=Now()):
        ServerProcess.objects.create(pk=PROCESS, seen_at=Now())
    # The database's clock was ahead: who lives says so again, and who doesn't is silent from now.
    ServerProcess.objects.filter(seen_at__gt=Now() + SILENCE).update(seen_at=Now())
    _signs.note()


def say_goodbye() -> None:
    """Say that this process ends on purpose, and has left nothing to take up but what it told."""
    ServerProcess.objects.filter(pk=PROCESS).delete()


def forget_dead() -> None:
    ServerProcess.objects.filter(seen_at__lt=Now() - FORGOTTEN).delete()


def list_living() -> QuerySet[ServerProcess, uuid.UUID]:
    """Return the ids of the processes that live, to be asked for in a query."""
    if not are_several():
        return ServerProcess.objects.none().values_list("pk", flat=True)
    living = ServerProcess.objects.all()
    if _signs.are_unbroken():
        living = living.filter(seen_at__gte=Now() - SILENCE)
    return living.order_by().values_list("pk", flat=True)


def list_living_names() -> list[str]:
    """Return the names of the processes that live, this one first, as rows have them."""
    others = [pk.hex for pk in list_living() if pk != PROCESS]
    return [PROCESS.hex, *others]

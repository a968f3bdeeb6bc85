"""How many request bodies may be on their way at once: in all, of those who aren't signed in, and
of one user.

Only what has to be waited for counts; a form that comes with its headers never does. Where no slot
is free, the body that has come in most slowly gives way to the next one, so that a crowd of silent
senders keeps nobody out; while each is younger than a second, the next one is refused.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable

# Of all slots: for those who aren't signed in, together, and for one user.
ANONYMOUS_SHARE = 4
USER_SHARE = 8

PROTECTED_AGE = 1.0  # seconds in which no body has to give way
SHORTEST = 0.001  # seconds, to divide by


class BodySlotsFullError(Exception):
    """As many bodies as may be are on their way."""


class BodySlot:
    """A body on its way. `received` is how many bytes of it have come in."""

    def __init__(
        self, slots: "BodySlots", user_id: int | None, interrupt: Callable[[], None]
    ) -> None:
        self.user_id = user_id
        self.received = 0
        self.gave_way = False
        self._slots = slots
        self._interrupt = interrupt
        self._began = time.monotonic()

    @property
    def age(self) -> float:
        return time.monotonic() - self._began

    @property
    def rate(self) -> float:
        """Bytes a second."""
        return self.received / max(self.age, SHORTEST)

    def yield_to_queue(self) -> None:
        self.gave_way = True
        self.release()
        # It may have gone by itself in the meantime.
        with contextlib.suppress(OSError):
            self._interrupt()

    def release(self) -> None:
        self._slots.discard(self)


class BodySlots:
    def __init__(self, total: int) -> None:
        self._total = total
        self._anonymous = max(1, total // ANONYMOUS_SHARE)
        self._each_user = max(1, total // USER_SHARE)
        self._taken: set[BodySlot] = set()
        self._lock = threading.Lock()

    def acquire(self, user_id: int | None, interrupt: Callable[[], None]) -> BodySlot:
        """A slot, to be released. `interrupt` is called when it has to give way."""
        slot = BodySlot(self, user_id, interrupt)
        with self._lock:
            slowest = self._slowest_in_the_way(user_id)
            if slowest and slowest.age < PROTECTED_AGE:
                raise BodySlotsFullError
            self._taken.add(slot)
        if slowest:
            slowest.yield_to_queue()
        return slot

    def discard(self, slot: BodySlot) -> None:
        with self._lock:
            self._taken.discard(slot)

    def _slowest_in_the_way(self, user_id: int | None) -> BodySlot | None:
        """None while there is room."""
        own = [slot for slot in self._taken if slot.user_id == user_id]
        if len(own) >= (self._anonymous if user_id is None else self._each_user):
            return find_slowest(own)
        return find_slowest(self._taken) if len(self._taken) >= self._total else None


def find_slowest(slots: Iterable[BodySlot]) -> BodySlot:
    """Of those that have had their second, if there are any."""
    return min(slots, key=lambda slot: (slot.age < PROTECTED_AGE, slot.rate))

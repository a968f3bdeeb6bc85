"""Stopping a call from another thread."""

import threading
from collections.abc import Callable


class CallCancelledError(Exception):
    """The call was stopped on purpose. What had arrived before is good."""


class Cancellation:
    """A switch that stops the calls it was given to, for good.

    `cancel()` may be called from any thread, any number of times, and returns at once: it aborts
    the connections of the calls under way, whose own threads then raise `CallCancelledError`.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._aborts: set[Callable[[], None]] = set()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def cancel(self) -> None:
        with self._lock:
            # Set before aborting: whoever sees an aborted connection can tell why.
            self._event.set()
            aborts, self._aborts = self._aborts, set()
        for abort in aborts:
            abort()

    def check(self) -> None:
        """Raise `CallCancelledError` once the switch is thrown."""
        if self._event.is_set():
            raise CallCancelledError

    def wait(self, seconds: float) -> None:
        """Sleep; raise `CallCancelledError` if the switch is thrown before or meanwhile."""
        if self._event.wait(seconds):
            raise CallCancelledError

    def attach(self, abort: Callable[[], None]) -> None:
        """Have `cancel()` call `abort`, which must not block. Once cancelled, nothing is called."""
        with self._lock:
            self._aborts.add(abort)

    def detach(self, abort: Callable[[], None]) -> None:
        with self._lock:
            self._aborts.discard(abort)

"""Stopping a call from another thread."""

import threading
from collections.abc import Callable


class CallCancelledError(Exception):
    """The call was stopped on purpose. What had arrived before is good."""


class Cancellation:
    """A switch that stops the calls it was given to, for good.

    `cancel()` may be called from any thread, any number of times, and returns at once: it cuts
    the connections of the calls under way, whose own threads then raise `CallCancelledError`.
    """

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._cuts: set[Callable[[], None]] = set()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def cancel(self) -> None:
        with self._lock:
            # Set before cutting: whoever sees a cut connection can tell why.
            self._event.set()
            cuts, self._cuts = self._cuts, set()
        for cut in cuts:
            cut()

    def check(self) -> None:
        """Raise `CallCancelledError` once the switch is thrown."""
        if self._event.is_set():
            raise CallCancelledError

    def wait(self, seconds: float) -> None:
        """Sleep; raise `CallCancelledError` if the switch is thrown before or meanwhile."""
        if self._event.wait(seconds):
            raise CallCancelledError

    def attach(self, cut: Callable[[], None]) -> None:
        """Have `cancel()` call `cut`, which must not block. Once cancelled, nothing is called."""
        with self._lock:
            self._cuts.add(cut)

    def detach(self, cut: Callable[[], None]) -> None:
        with self._lock:
            self._cuts.discard(cut)

"""Trying again for a moment: a server that was just stopped may still be letting go."""

import time
from collections.abc import Callable

PATIENCE = 2.0  # seconds
PAUSE = 0.1


def patiently[T](attempt: Callable[[], T]) -> T:
    """What `attempt` returns once it stops raising OSError; after two seconds, that error."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(PAUSE)

"""Retries at the start of a server: one that was just stopped may still hold a lock or a port.

For transactions that met another one there is `core.locks.retry_on_conflict`, for calls of the
model `model_api.retry_policy`.
"""

import time
from collections.abc import Callable

TIMEOUT = 2.0  # seconds
PAUSE = 0.1


def retry_until_deadline[T](attempt: Callable[[], T]) -> T:
    """Call `attempt` until it raises no OSError and return its result; after two seconds raise."""
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(PAUSE)

"""How long a caller waits for a database that somebody else keeps locked.

A page waits a moment: its reader is better told than left alone. Work in the background has time.
What needn't be written doesn't wait at all.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds.
REQUEST = 2.0
BACKGROUND = 5.0


class _Limit(threading.local):
    seconds = BACKGROUND


_limit = _Limit()


def current_limit() -> float:
    """Return the seconds that this thread waits at most."""
    return _limit.seconds


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Within it, this thread waits no longer than this for a lock."""
    before = _limit.seconds
    _limit.seconds = min(before, seconds)
    try:
        yield
    finally:
        _limit.seconds = before

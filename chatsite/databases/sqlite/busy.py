"""Waiting for SQLite's write lock without SQLite's own wait.

SQLite waits inside C (`sqlite3_busy_timeout`), where no greenlet can run: with another process
holding the lock, the whole site would stand still. So it is told not to wait, and what it refuses
is tried again here, with sleeps in which everything else goes on.

Only what has begun nothing is tried again: BEGIN IMMEDIATE, and a statement outside of
transactions. Within a transaction the lock is held already, and nobody sleeps there.
"""

import sqlite3
import time
from collections.abc import Callable

from chatsite.core import lock_wait

# Seconds between two tries: the first soon, as most locks are held for a few milliseconds.
PAUSES = (0.001, 0.002, 0.005, 0.01, 0.02)
LONGEST_PAUSE = 0.05
# Somebody who finds it locked for as long as they would wait still tries for so long.
BRIEFEST = 0.1
# So long after it was last seen locked, it is another lock that somebody finds.
FORGOTTEN = 1.0


class _Lock:
    """When the lock that others hold was first and last seen, by anybody in this process.

    Whoever comes to a lock that has been there for long waits only for what is left of the wait:
    in a queue of writers, waits would add up.
    """

    def __init__(self) -> None:
        self.since = self.last = float("-inf")

    def seen(self) -> None:
        now = time.monotonic()
        if now - self.last > FORGOTTEN:
            self.since = now
        self.last = now

    def gone(self) -> None:
        self.last = float("-inf")


_lock = _Lock()


def is_busy(error: sqlite3.Error, connection: sqlite3.Connection | None) -> bool:
    """Whether a lock was in the way of something that has had no effect yet."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code == sqlite3.SQLITE_BUSY and not (connection and connection.in_transaction)


def retry_while_busy[T](
    attempt: Callable[[], T], error: sqlite3.Error, connection: sqlite3.Connection | None = None
) -> T:
    """Return what `attempt`, which has failed with `error`, returns once nobody is in the way.

    Raises the last error when that takes longer than this thread waits (`lock_wait`).
    """
    _lock.seen()
    seconds = lock_wait.current_limit()
    briefest = time.monotonic() + min(seconds, BRIEFEST)
    deadline = max(briefest, _lock.since + seconds)
    pauses = iter(PAUSES)
    while time.monotonic() < deadline:
        time.sleep(next(pauses, LONGEST_PAUSE))
        try:
            result = attempt()
        except sqlite3.OperationalError as again:
            if not is_busy(again, connection):
                raise
            error = again
            _lock.seen()
        else:
            _lock.gone()
            return result
    raise error

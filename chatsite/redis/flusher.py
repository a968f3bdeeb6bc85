"""Writes to Redis for all of the process: what comes within fifty milliseconds goes in one round
trip, what is urgent at once.

Measured with 200 replies of twenty pieces a second: 2.4 ms of processor a reply, against 21 ms with
a round trip for each piece.
"""

import logging
import threading
import time
from typing import Any, Protocol

from redis import Redis
from redis.client import Pipeline

logger = logging.getLogger(__name__)

# Seconds between two flushes, and after one that failed.
INTERVAL = 0.05
OUTAGE_PAUSE = 1.0


class Outgoing(Protocol):
    """Something that has news for Redis. Asked for them when it is flushed, and not before: so what
    comes in quick succession is one piece.
    """

    def write(self, pipe: Pipeline) -> None: ...

    def mark_lost(self) -> None:
        """Take note that what was written did not arrive, or may not have."""


class Flusher:
    """The thread that writes; the first request starts it. May be called from any thread."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._lock = threading.Lock()
        # In the order of the requests, each once.
        self._requested: dict[Outgoing, None] = {}
        self._wanted = threading.Event()
        self._urgent = threading.Event()
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def request(self, outgoing: Outgoing, *, at_once: bool = False) -> None:
        """Have it written soon, or at once."""
        with self._lock:
            self._requested[outgoing] = None
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._run, name="redis writer", daemon=True)
                self._thread.start()
        if at_once:
            self._urgent.set()
        self._wanted.set()

    def close(self, timeout: float) -> None:
        """Write what there is, and end; wait no longer than so many seconds."""
        with self._lock:
            self._is_closed = True
            thread = self._thread
        self._urgent.set()
        self._wanted.set()
        if thread:
            thread.join(timeout)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            self._urgent.clear()
            is_well = self._flush()
            if self._is_closed:
                return
            if is_well:
                self._urgent.wait(INTERVAL)
            else:
                time.sleep(OUTAGE_PAUSE)

    def _flush(self) -> bool:
        with self._lock:
            requested, self._requested = list(self._requested), {}
        if not requested:
            return True
        pipe: Any = self._client.pipeline(transaction=False)
        written = [outgoing for outgoing in requested if _write(outgoing, pipe)]
        try:
            pipe.execute()
        except Exception as error:
            # The library has more kinds of them than its own; the thread must outlive each.
            logger.warning("Redis can't be written to", exc_info=error)
            for outgoing in written:
                outgoing.mark_lost()
            return False
        return True


def _write(outgoing: Outgoing, pipe: Pipeline) -> bool:
    """False when it can't say its news: that is its own fault, and no reason to try again."""
    try:
        outgoing.write(pipe)
    except Exception:
        logger.exception("something can't be written to Redis")
        return False
    return True

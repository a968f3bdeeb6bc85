"""Threads that do one thing again and again, for as long as a process serves: each process, or one
of them for all.
"""

import logging
import threading

from django.db import connection

from chatsite.jobs.leases import hold_lease

logger = logging.getLogger(__name__)


class PeriodicThread:
    """Every so many seconds it works, for the first time after `first`, until it is stopped.

    `stop_timeout`: seconds that a stop waits for work that may take long and be broken off.
    `is_shared`: of several processes one does it. What fails is tried again the next time. In
    between it holds no connection, which a page may be waiting for.
    """

    def __init__(
        self,
        name: str,
        *,
        every: float,
        first: float | None = None,
        is_shared: bool = True,
        stop_timeout: float | None = None,
    ) -> None:
        self.stopped = threading.Event()
        # It is stopped, or is to work without waiting for its time.
        self._woken = threading.Event()
        self._every = every
        self._is_shared = is_shared
        self._stop_timeout = stop_timeout
        self._first = every if first is None else first
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopped.set()
        self._woken.set()
        self._thread.join(self._stop_timeout)

    def hasten(self, every: float) -> None:
        """Work at once, and from now on at least every so many seconds."""
        self._every = min(self._every, every)
        self._woken.set()

    def work(self) -> None:
        raise NotImplementedError

    def _run(self) -> None:
        wait = self._first
        while not self._is_stopped_within(wait):
            try:
                if not self._is_shared or hold_lease(self._thread.name):
                    self.work()
            except Exception:
                # The database may come back; and this is the only thread that does it.
                logger.exception("%s failed; trying again", self._thread.name)
            finally:
                connection.close()
            wait = self._every

    def _is_stopped_within(self, seconds: float) -> bool:
        self._woken.wait(seconds)
        self._woken.clear()
        return self.stopped.is_set()

"""A helper process that many share: one request after another, each user's in their turn."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from chatsite.core.fair_queue import FairQueue, User
from chatsite.core.helper_process import HelperError, HelperProcess, HelperUnavailableError

CLOCK_FACTOR = 4
"""How many times its processor time a request may take by the clock: the machine may be busy."""
KILL_PAUSE = 0.2


class HelperBusyError(HelperError):
    """Its turn didn't come in time, or its user has too many waiting: no fault of the request."""


@dataclass
class _Job:
    request: bytes
    done: threading.Event = field(default_factory=threading.Event)
    is_given_up: bool = False
    response: bytes = b""
    error: Exception | None = None


class HelperQueue:
    """A thread and its helper, which begins with the first request. May be used from any thread."""

    def __init__(
        self,
        function: str,
        *,
        cpu_seconds: float,
        queue_timeout: float = 5.0,
        max_waiting_each: int = 5,
        name: str = "helper",
    ) -> None:
        """`queue_timeout` is how long a request waits for its turn, in seconds."""
        self._timeout = CLOCK_FACTOR * cpu_seconds
        self._queue_timeout = queue_timeout
        self._max_waiting_each = max_waiting_each
        self._lock = threading.Lock()
        self._waiting: Counter[User] = Counter()
        self._jobs: list[_Job] = []
        self._helper = HelperProcess(function, cpu_seconds=cpu_seconds)
        self._queue = FairQueue[_Job]()
        self._is_stopped = False
        # The helper ends with the thread that starts it, so that is one that stays.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, user: User, request: bytes) -> bytes:
        """Return the helper's answer. Blocks the calling thread; raises HelperError."""
        job = _Job(request)
        with self._lock:
            if self._is_stopped:
                raise HelperUnavailableError("The server ends")
            if self._waiting[user] >= self._max_waiting_each:
                raise HelperBusyError("Too many are waiting")
            self._waiting[user] += 1
            self._jobs.append(job)
        try:
            self._queue.put(user, job)
            if not job.done.wait(self._queue_timeout + self._timeout):
                job.is_given_up = True
                raise HelperBusyError(f"No turn within {self._queue_timeout} s")
        finally:
            with self._lock:
                self._jobs.remove(job)
                self._waiting[user] -= 1
                if not self._waiting[user]:
                    del self._waiting[user]
        if job.error:
            raise job.error
        return job.response

    def stop(self) -> None:
        """End the helper; who still waits for it hears that it is unavailable."""
        with self._lock:
            self._is_stopped = True
            jobs = list(self._jobs)
        self._queue.close()
        while self._thread.is_alive():
            # Again, as it may be starting one.
            self._helper.kill()
            self._thread.join(KILL_PAUSE)
        for job in jobs:
            if not job.done.is_set():
                job.error = HelperUnavailableError("The server ends")
                job.done.set()

    def _run(self) -> None:
        while entry := self._queue.get():
            user, job = entry
            if job.is_given_up:
                continue
            started = time.monotonic()
            try:
                job.response = self._helper.call(job.request, timeout=self._timeout)
            except Exception as error:
                # The caller's; this is the only thread that does it.
                job.error = error
            self._queue.charge(user, time.monotonic() - started)
            job.done.set()
        self._helper.stop()

"""Has code divided into runs of one class: one block after another, each within its time.

Nothing that goes wrong here is an error of the reply: its code then stays plain.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from chatsite.core.fair_queue import FairQueue, User
from chatsite.core.helper_process import (
    HelperCrashedError,
    HelperProcess,
    HelperTimeoutError,
    HelperUnavailableError,
)

logger = logging.getLogger(__name__)

FUNCTION = "conversations.highlighting.lexing:answer_request"
MAX_LENGTH = 20_000
"""Code of more characters stays plain."""
MAX_RUNS = 10_000
"""So does code that falls into more parts: its HTML would be many times as long."""
REST = 60.0
"""Seconds for which a user's code in a language stays plain after its lexer had to be killed."""
CLOCK_FACTOR = 4
"""How many times its processor time a block may take by the clock: the machine may be busy."""

type Runs = list[tuple[str, int]]


@dataclass
class HighlightBudget:
    """Seconds of the helper's time that a reply has left."""

    left: float


@dataclass(frozen=True)
class HighlightRequest:
    """Code to highlight. `deliver` is called once, in another thread, with None for plain code; it
    may not fail.
    """

    language: str
    code: str
    budget: HighlightBudget
    deliver: Callable[[Runs | None], None]


class Highlighter:
    """A thread and its helper process.

    `block_timeout` is what one block may take, in seconds of processor time: where the machine is
    busy, that is no fault of the code's.
    """

    def __init__(self, *, block_timeout: float, rest: float = REST) -> None:
        self._block_timeout = block_timeout
        self._rest = rest
        # By user, so that nobody can take a language's colours from the others.
        self._resting: dict[tuple[User, str], float] = {}
        self._unavailable_until = 0.0
        self._is_reported = False
        self._helper = HelperProcess(FUNCTION, cpu_seconds=block_timeout)
        self._queue = FairQueue[HighlightRequest]()
        # The helper ends with the thread that starts it, so that is one that stays.
        self._thread = threading.Thread(target=self._run, name="highlighter", daemon=True)
        self._thread.start()

    def submit(self, user: User, block: HighlightRequest) -> None:
        """Have a block highlighted when its turn comes. May be called from any thread."""
        self._queue.put(user, block)

    def stop(self) -> None:
        """End the helper; what is still waiting is never delivered."""
        self._queue.close()
        self._thread.join()

    def _run(self) -> None:
        while entry := self._queue.get():
            user, block = entry
            runs = None
            try:
                if self._may_try(user, block) and self._is_available():
                    started = time.monotonic()
                    runs = self._highlight(user, block)
                    seconds = time.monotonic() - started
                    block.budget.left -= min(seconds, self._block_timeout)
                    self._queue.charge(user, seconds)
            except Exception:
                # This is the only thread that does it.
                logger.exception("A code block can't be highlighted")
            block.deliver(runs)
        self._helper.stop()

    def _highlight(self, user: User, block: HighlightRequest) -> Runs | None:
        request = json.dumps([block.language, block.code, MAX_RUNS]).encode()
        try:
            response = self._helper.call(request, timeout=CLOCK_FACTOR * self._block_timeout)
        except (HelperTimeoutError, HelperCrashedError) as error:
            logger.info("Code in %s of user %s stays plain: %s", block.language, user, error)
            now = time.monotonic()
            self._resting = {key: until for key, until in self._resting.items() if until > now}
            self._resting[user, block.language] = now + self._rest
            return None
        return read_runs(response, len(block.code))

    def _may_try(self, user: User, block: HighlightRequest) -> bool:
        return (
            0 < len(block.code) <= MAX_LENGTH
            and block.budget.left >= self._block_timeout
            and time.monotonic() >= self._resting.get((user, block.language), 0)
        )

    def _is_available(self) -> bool:
        """Tell whether there is a helper; where it can't be started, that is logged once."""
        if time.monotonic() < self._unavailable_until:
            return False
        try:
            self._helper.start()
        except HelperUnavailableError as error:
            if not self._is_reported:
                logger.warning("Code is shown without colours, as their helper failed: %s", error)
            self._is_reported = True
            self._unavailable_until = time.monotonic() + self._rest
            return False
        self._is_reported = False
        return True


def read_runs(response: bytes, length: int) -> Runs | None:
    """Return the helper's answer, unless it isn't about code of that length."""
    try:
        runs = [(str(name), int(size)) for name, size in json.loads(response) or ()]
    except (ValueError, TypeError, RecursionError):
        return None
    is_whole = sum(size for _, size in runs) == length and all(size > 0 for _, size in runs)
    return runs if is_whole else None

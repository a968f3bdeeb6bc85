"""How tests wait for what tells nobody when it comes: in another process, a log, the kernel.

Where something can be waited for (an event, a thread, a reply's `wait_done`, what a page's locator
shows), that is better: it comes at once.
"""

import time
from collections.abc import Callable

# Seconds between two looks: soon at first, for what is nearly there.
SHORTEST, LONGEST = 0.005, 0.1


def wait_until[T](
    condition: Callable[[], T | None],
    what: str,
    timeout: float = 45,
    *,
    instead: Callable[[], object] | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> T:
    """Return what the condition finds, once that is true.

    A failure says `what` never came, and what there was `instead`. `pause` passes the time between
    two looks, for who has something else to do meanwhile.
    """
    __tracebackhide__ = True
    deadline = time.monotonic() + timeout
    seconds = SHORTEST
    while not (found := condition()):
        if time.monotonic() > deadline:
            seen = f"; instead: {instead()}" if instead else ""
            raise AssertionError(f"{what} never came within {timeout:g} seconds{seen}")
        pause(seconds)
        seconds = min(2 * seconds, LONGEST)
    return found

"""The streams that are open: how many one user may have, and all of them together.

A browser closes the streams of its hidden tabs itself. Whoever opens one too many has their oldest
give way: the one that was left open longest.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings


class OpenStream:
    """One that is open. `gave_way` tells it to end; `wake` has it look."""

    def __init__(self, user_id: int, wake: Callable[[], None]) -> None:
        self.user_id = user_id
        self.wake = wake
        self.gave_way = False


_lock = threading.Lock()
# By user, the oldest first; those that have to give way have left already.
_open: dict[int, list[OpenStream]] = {}


def count_streams() -> int:
    with _lock:
        return sum(map(len, _open.values()))


def are_exhausted() -> bool:
    """Whether all users together have as many as may be."""
    return count_streams() >= settings.MAX_STREAMS


@contextmanager
def open_stream(user_id: int, wake: Callable[[], None]) -> Iterator[OpenStream]:
    """Count a stream for as long as it is open."""
    stream = OpenStream(user_id, wake)
    with _lock:
        own = _open.setdefault(user_id, [])
        own.append(stream)
        excess = own[: -settings.MAX_STREAMS_PER_USER]
        del own[: len(excess)]
    for each in excess:
        each.gave_way = True
        each.wake()
    try:
        yield stream
    finally:
        _close(stream)


def _close(stream: OpenStream) -> None:
    with _lock:
        own = _open.get(stream.user_id, [])
        if stream in own:
            own.remove(stream)
        if not own:
            _open.pop(stream.user_id, None)

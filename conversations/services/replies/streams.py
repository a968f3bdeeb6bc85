"""The streams that are open: how many one user may have, and all of them together.

A browser closes the streams of its hidden tabs itself. Whoever opens one too many has their oldest
give way: the one that was left open longest. Each kind of stream has a room of its own.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

# Feeds of changes that one user may have open: one a browser.
FEEDS_PER_USER = 10


class OpenStream:
    """One that is open. `gave_way` tells it to end; `wake` has it look."""

    def __init__(self, user_id: int, wake: Callable[[], None]) -> None:
        self.user_id = user_id
        self.wake = wake
        self.gave_way = False


class StreamRoom:
    """The open streams of one kind; `per_user` tells how many of them one user may have."""

    def __init__(self, per_user: Callable[[], int]) -> None:
        self._per_user = per_user
        self._lock = threading.Lock()
        # By user, the oldest first; those that have to give way have left already.
        self._open: dict[int, list[OpenStream]] = {}

    def count_streams(self) -> int:
        with self._lock:
            return sum(map(len, self._open.values()))

    def is_exhausted(self) -> bool:
        """Whether all users together have as many as may be."""
        return self.count_streams() >= settings.MAX_STREAMS

    @contextmanager
    def open_stream(self, user_id: int, wake: Callable[[], None]) -> Iterator[OpenStream]:
        """Count a stream for as long as it is open."""
        stream = OpenStream(user_id, wake)
        with self._lock:
            own = self._open.setdefault(user_id, [])
            own.append(stream)
            excess = own[: -self._per_user()]
            del own[: len(excess)]
        for each in excess:
            each.gave_way = True
            each.wake()
        try:
            yield stream
        finally:
            self._close(stream)

    def _close(self, stream: OpenStream) -> None:
        with self._lock:
            own = self._open.get(stream.user_id, [])
            if stream in own:
                own.remove(stream)
            if not own:
                self._open.pop(stream.user_id, None)


replies = StreamRoom(lambda: settings.MAX_STREAMS_PER_USER)
feeds = StreamRoom(lambda: FEEDS_PER_USER)

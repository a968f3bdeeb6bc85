"""The streams that are open: how many one user may have, and all of them together.

A browser closes the streams of its hidden tabs itself. Whoever opens one too many has their oldest
give way: the one that was left open longest, in whatever process. Each kind of stream has a room of
its own. How many all users may have together is a limit of each process, which it guards.
"""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings

from chatsite.redis.link import is_configured, tell_others

# Feeds of changes that one user may have open: one a browser.
FEEDS_PER_USER = 10


# The kind of notice that has streams of another process give way.
GIVE_WAY = "streams.give_way"


class OpenStream:
    """One that is open. `gave_way` tells it to end; `wake` has it look. Its reader is to come back
    at once where it is the process that ends.
    """

    def __init__(self, user_id: int, wake: Callable[[], None]) -> None:
        self.name = uuid.uuid4().hex
        self.user_id = user_id
        self.wake = wake
        self.gave_way = False
        self.comes_back = False


class StreamRoom:
    """The open streams of one kind; `per_user` tells how many of them one user may have."""

    def __init__(self, kind: str, per_user: Callable[[], int]) -> None:
        self.kind = kind
        self._per_user = per_user
        self._lock = threading.Lock()
        # By user, the oldest first; those that have to give way have left already.
        self._open: dict[int, list[OpenStream]] = {}
        self._count = 0
        self._is_closed = False

    def close(self) -> None:
        """End all of them, and at once each that is opened from now on: the process is to end."""
        with self._lock:
            self._is_closed = True
            streams = [stream for own in self._open.values() for stream in own]
        for stream in streams:
            stream.comes_back = True
        end_streams(streams)

    def reopen(self) -> None:
        self._is_closed = False

    def count_streams(self) -> int:
        return self._count

    def is_exhausted(self) -> bool:
        """Whether all users together have as many as may be."""
        return self.count_streams() >= settings.MAX_STREAMS

    @contextmanager
    def open_stream(self, user_id: int, wake: Callable[[], None]) -> Iterator[OpenStream]:
        """Count a stream for as long as it is open."""
        stream = OpenStream(user_id, wake)
        with self._lock:
            stream.gave_way = stream.comes_back = self._is_closed
            own = self._open.setdefault(user_id, [])
            own.append(stream)
            excess = own[: -self._per_user()]
            del own[: len(excess)]
            self._count += 1 - len(excess)
        end_streams(excess)
        if is_configured():
            self._count_everywhere(stream)
        try:
            yield stream
        finally:
            self._close(stream)

    def give_way(self, user_id: int, names: Sequence[str]) -> None:
        """End those of these streams that are open here."""
        with self._lock:
            own = self._open.get(user_id, [])
            ended = [stream for stream in own if stream.name in names]
            own[:] = [stream for stream in own if stream not in ended]
            self._count -= len(ended)
        end_streams(ended)

    def _count_everywhere(self, stream: OpenStream) -> None:
        from conversations.services.replies import shared_streams

        if excess := shared_streams.add_stream(
            self.kind, stream.user_id, stream.name, self._per_user()
        ):
            tell_others(GIVE_WAY, kind=self.kind, user_id=stream.user_id, names=excess)
            self.give_way(stream.user_id, excess)

    def _close(self, stream: OpenStream) -> None:
        if is_configured():
            from conversations.services.replies import shared_streams

            shared_streams.remove_stream(self.kind, stream.user_id, stream.name)
        with self._lock:
            own = self._open.get(stream.user_id, [])
            if stream in own:
                own.remove(stream)
                self._count -= 1
            if not own:
                self._open.pop(stream.user_id, None)


def end_streams(streams: Sequence[OpenStream]) -> None:
    for stream in streams:
        stream.gave_way = True
        stream.wake()


replies = StreamRoom("replies", lambda: settings.MAX_STREAMS_PER_USER)
feeds = StreamRoom("feeds", lambda: FEEDS_PER_USER)


def give_way(kind: str, user_id: int, names: Sequence[str]) -> None:
    """End streams, as another process has said."""
    room = {room.kind: room for room in (replies, feeds)}[kind]
    room.give_way(user_id, names)

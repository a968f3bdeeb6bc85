"""The parts of a link (`link.py`), put together."""

from collections.abc import Callable, Iterable
from functools import partial

from chatsite.redis import client
from chatsite.redis.bus import Bus
from chatsite.redis.flusher import Flusher
from chatsite.redis.link import GAP
from chatsite.redis.reader import TIMEOUT, StreamReader

# Seconds that the end of the process waits for each thread.
CLOSING = 2.0


class Link:
    """`handlers`: the kinds of notices, and who is called with them."""

    def __init__(self, handlers: Iterable[tuple[str, Callable[..., None]]] = ()) -> None:
        self._clients = client.make_client(), client.make_client(timeout=TIMEOUT)
        self.flusher = Flusher(self._clients[0])
        self.reader = StreamReader(self._clients[1], self.flusher)
        self.bus = Bus(self.flusher, self.reader)
        for kind, handler in handlers:
            self.bus.on(kind, handler)
        self.reader.on_gap.append(partial(self.bus.handle, GAP))

    def close(self) -> None:
        """Send what is to be sent, and end."""
        self.reader.close(CLOSING)
        self.flusher.close(CLOSING)
        for each in self._clients:
            each.close()

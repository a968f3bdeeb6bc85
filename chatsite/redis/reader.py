"""Reads the streams of Redis that anybody in this process follows, all of them by one call that
waits.

While it waits, following another one interrupts it by an entry in a stream of this process's own.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from redis import Redis
from redis.client import Pipeline

from chatsite.redis.client import make_key
from chatsite.redis.flusher import Flusher

logger = logging.getLogger(__name__)

# Seconds that one call waits for news, and after one that failed.
LONGEST_WAIT = 5.0
OUTAGE_PAUSE = 1.0
# Seconds that are enough for the answer, wait included.
TIMEOUT = LONGEST_WAIT + 5
# Entries of one stream in one answer.
COUNT = 1_000

type Fields = Mapping[bytes, bytes]
type Handler = Callable[[Fields], None]


@dataclass
class Position:
    """How far one stream has been read. `after` is None until it is known where it ends: only what
    comes from now on is read.
    """

    handler: Handler
    after: bytes | None


class WakeUp:
    """An entry that ends the reader's wait."""

    def __init__(self) -> None:
        self.key = make_key(f"wake:{uuid.uuid4().hex}")

    def write(self, pipe: Pipeline) -> None:
        pipe.xadd(self.key, {"x": ""}, maxlen=1, approximate=False)
        pipe.expire(self.key, int(10 * LONGEST_WAIT))

    def mark_lost(self) -> None:
        """The reader finds out by itself when its wait is over."""


class StreamReader:
    """The thread that reads; the first to follow anything starts it. `on_gap` are called when
    entries may have been missed, because Redis was away.
    """

    def __init__(self, client: Redis, flusher: Flusher) -> None:
        self._client = client
        self._flusher = flusher
        self._wake_up = WakeUp()
        # Again in the same thread too: what is collected meanwhile is unfollowed.
        self._lock = threading.RLock()
        self._positions: dict[bytes, Position] = {}
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self.on_gap: list[Callable[[], None]] = []

    def follow(self, key: str, handler: Handler, after: bytes | None = None) -> None:
        """Have `handler` called, in the reader's thread, with each entry after the one of this id.
        It must be quick. A stream has one handler.
        """
        with self._lock:
            self._positions[key.encode()] = Position(handler, after)
            if self._thread is None and not self._is_closed:
                own = Position(lambda _fields: None, b"0-0")
                self._positions[self._wake_up.key.encode()] = own
                self._thread = threading.Thread(target=self._run, name="redis reader", daemon=True)
                self._thread.start()
        self._flusher.request(self._wake_up, at_once=True)

    def unfollow(self, key: str, handler: Handler) -> None:
        """Stop calling the handler; another one of the same stream stays."""
        with self._lock:
            position = self._positions.get(key.encode())
            if position and position.handler is handler:
                del self._positions[key.encode()]

    def close(self, timeout: float) -> None:
        """End soon; wait no longer than so many seconds for it."""
        with self._lock:
            self._is_closed = True
            thread = self._thread
        if thread:
            self._flusher.request(self._wake_up, at_once=True)
            thread.join(timeout)

    def _run(self) -> None:
        is_away = False
        while not self._is_closed:
            try:
                self._read()
            except Exception as error:
                # The library has more kinds of them than its own; the thread must outlive each.
                if not is_away:
                    logger.warning("Redis can't be read", exc_info=error)
                is_away = True
                time.sleep(OUTAGE_PAUSE)
                continue
            if is_away:
                is_away = False
                for tell in self.on_gap:
                    self._call(tell)

    def _read(self) -> None:
        with self._lock:
            positions = dict(self._positions)
        for key, position in positions.items():
            if position.after is None:
                position.after = self.find_end(key)
        after: Any = {key: position.after for key, position in positions.items()}
        answer: Any = self._client.xread(after, count=COUNT, block=int(LONGEST_WAIT * 1000))
        for key, entries in answer or ():
            position = positions[key]
            for entry_id, fields in entries:
                position.after = entry_id
                # Written by another version, perhaps: the others are read on.
                self._call(position.handler, fields)

    def find_end(self, key: str | bytes) -> bytes:
        """Return the id of the last entry. Raises RedisError."""
        last: Any = self._client.xrevrange(key, count=1)
        return last[0][0] if last else b"0-0"

    @staticmethod
    def _call[**P](handler: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            handler(*args, **kwargs)
        except Exception:
            logger.exception("what came from Redis can't be used")

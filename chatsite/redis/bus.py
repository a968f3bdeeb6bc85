"""Tells all processes of the site something: that a user's list has changed, that a reply is to
stop. Who sends has done it in its own process already.

What is told may get lost while Redis is away, and nothing is told twice.
"""

import contextlib
import json
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from redis import RedisError
from redis.client import Pipeline

from chatsite.redis.client import make_key
from chatsite.redis.flusher import Flusher
from chatsite.redis.reader import Fields, StreamReader

NAME = "bus"
# Entries that are kept, for readers that have been held up.
LENGTH = 10_000


class Notice:
    """One thing that is told."""

    def __init__(self, sender: str, kind: str, values: dict[str, Any]) -> None:
        self._body = json.dumps({"sender": sender, "kind": kind, "values": values})

    def write(self, pipe: Pipeline) -> None:
        pipe.xadd(make_key(NAME), {"notice": self._body}, maxlen=LENGTH)

    def mark_lost(self) -> None:
        """Nothing is told late: it may not hold any more."""


class Bus:
    def __init__(self, flusher: Flusher, reader: StreamReader) -> None:
        self._sender = uuid.uuid4().hex
        self._flusher = flusher
        self._reader = reader
        self._handlers: defaultdict[str, list[Callable[..., None]]] = defaultdict(list)

    def open(self) -> None:
        """Listen to what is told from now on, or, with Redis away, once it is back."""
        key, end = make_key(NAME), None
        with contextlib.suppress(RedisError):
            end = self._reader.find_end(key)
        self._reader.follow(key, self._receive, end)

    def tell(self, kind: str, /, **values: Any) -> None:
        """Tell all other processes, within a few milliseconds."""
        self._flusher.request(Notice(self._sender, kind, values), at_once=True)

    def on(self, kind: str, handler: Callable[..., None]) -> None:
        """Have the handler called with the values of each notice of this kind. It must be quick."""
        self._handlers[kind].append(handler)

    def handle(self, kind: str, /, **values: Any) -> None:
        for handler in self._handlers[kind]:
            handler(**values)

    def _receive(self, fields: Fields) -> None:
        notice = json.loads(fields[b"notice"])
        if notice["sender"] != self._sender:
            self.handle(notice["kind"], **notice["values"])

"""How the tests of the client ask it for something."""

import threading
import time
from collections.abc import Callable
from typing import Any

from conversations.model_api import (
    CallCancelledError,
    Cancellation,
    ChatMessage,
    Delta,
    ModelClient,
    ModelError,
    ReplyStream,
)
from conversations.model_api.deltas import join_deltas

HELLO: list[ChatMessage] = [{"role": "user", "content": "Hello"}]

type MakeClient = Callable[..., ModelClient]


def ask(client: ModelClient, **options: Any) -> ReplyStream:
    """Start a stream with the least one can say."""
    return client.stream(HELLO, **{"request_id": "reply-1", **options})


def collect(stream: ReplyStream) -> tuple[str, ModelError | None]:
    """The text of a reply, and the error that ended it."""
    delta, error = collect_words(stream)
    return delta.text, error


def collect_words(stream: ReplyStream) -> tuple[Delta, ModelError | None]:
    """All the words of a reply, and the error that ended it."""
    deltas: list[Delta] = []
    try:
        with stream:
            deltas.extend(stream)
    except ModelError as error:
        return join_deltas(deltas), error
    return join_deltas(deltas), None


class BackgroundReply:
    """A reply read in a thread of its own, to be cancelled from this one."""

    def __init__(self, client: ModelClient, messages: list[ChatMessage] = HELLO) -> None:
        self.cancellation = Cancellation()
        self.text = ""
        self.error: BaseException | None = None
        self.is_billable: bool | None = None
        self._first_piece = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(client, messages), daemon=True)
        self._thread.start()

    def wait_for_text(self) -> None:
        assert self._first_piece.wait(5)

    def cancel(self) -> float:
        """Cancel, and return the seconds until the reading thread was done."""
        started = time.monotonic()
        self.cancellation.cancel()
        self._thread.join(5)
        assert isinstance(self.error, CallCancelledError), self.error
        return time.monotonic() - started

    def _read(self, client: ModelClient, messages: list[ChatMessage]) -> None:
        reply = client.stream(messages, request_id="reply-1", cancellation=self.cancellation)
        try:
            with reply:
                for delta in reply:
                    self.text += delta.text
                    self._first_piece.set()
        except Exception as error:
            self.error = error
        self.is_billable = reply.is_billable

"""The reply on the wire: bytes → words, usage, how it ended.

What comes in is whatever a server sends after a success: a stream of `chat.completion.chunk`
events, one JSON body where a stream was asked for, or a proxy's HTML.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from conversations.model_api.clean_text import clean_label
from conversations.model_api.deltas import Delta, MessageWords, join_deltas, read_message_words
from conversations.model_api.error_parsing import extract_page_title, find_error
from conversations.model_api.errors import (
    CutOffError,
    MalformedReplyError,
    ModelError,
    UpstreamError,
)
from conversations.model_api.sse import BOM, EventDecoder
from conversations.model_api.values import Prices, Usage, parse_usd
from conversations.model_api.word_filter import WordFilter

# Far beyond any reply (32,768 tokens), far below what hurts a server: in bytes and in characters.
LARGEST_BODY = 16 * 1024 * 1024
LONGEST_REPLY = 4 * 1024 * 1024
LONGEST_BLANK = 1024
# Finish reasons that are no end but a failure.
FAILURES = ("error",)

type Kind = Literal["events", "object", "page"]


@dataclass(frozen=True)
class Completion:
    """A reply that came whole. `raw` is the response's JSON object as it was, `date` its header of
    that name, "" where it had none.
    """

    text: str
    usage: Usage | None
    finish_reason: str | None
    model: str | None
    raw: dict[str, Any]
    date: str = ""


class ReplyState:
    """Adds up the chunks of one reply, all but the words, which `add_chunk()` returns."""

    def __init__(self, prices: Prices | None) -> None:
        self.finish_reason: str | None = None
        self.model: str | None = None
        self.is_partial = False
        self.is_begun = False
        self._prices = prices
        self._tokens: dict[str, Any] | None = None
        self._cost: Decimal | None = None
        self._index: object = None
        self._has_deltas = False

    @property
    def usage(self) -> Usage | None:
        if self._tokens is None:
            return None
        return Usage.reported(self._tokens, spent=self._cost, prices=self._prices)

    def add_chunk(self, chunk: dict[str, Any]) -> Delta:
        """Absorb one chunk, or one whole completion, and return the words in it."""
        self.model = clean_label(chunk.get("model")) or self.model
        if isinstance(chunk.get("usage"), dict):
            self._tokens = chunk["usage"]
        meta = chunk.get("meta")
        if isinstance(meta, dict) and isinstance(meta.get("usage"), dict):
            self.set_cost(parse_usd(meta["usage"].get("usd_spent")))
        choices = chunk.get("choices")
        if not isinstance(choices, list):
            return Delta()
        return join_deltas([self._add_choice(choice) for choice in choices])

    def set_cost(self, amount: Decimal | None) -> None:
        """Note the provider's own figure for the cost, in USD."""
        if amount is not None:
            self._cost = amount

    def _add_choice(self, choice: object) -> Delta:
        if not isinstance(choice, dict) or not self._is_ours(choice.get("index")):
            return Delta()
        self.is_begun = True
        self.finish_reason = _read_finish_reason(choice.get("finish_reason")) or self.finish_reason
        words = self._read_choice_words(choice)
        self.is_partial = self.is_partial or words.is_partial
        return words.delta

    def _is_ours(self, index: object) -> bool:
        """Tell our choice from others: one is asked for, but a server may send more."""
        if self._index is None:
            self._index = index
        return index is None or index == self._index

    def _read_choice_words(self, choice: dict[str, Any]) -> MessageWords:
        delta, message = choice.get("delta"), choice.get("message")
        if isinstance(delta, dict) and (delta or not isinstance(message, dict)):
            words = read_message_words(delta)
            self._has_deltas = self._has_deltas or bool(words.delta)
            return words
        if isinstance(message, dict):
            # Some servers repeat the whole reply in the last chunk of its deltas.
            return MessageWords() if self._has_deltas else read_message_words(message)
        return read_message_words({"content": choice.get("text")})


class ReplyDecoder:
    """Decodes a streamed reply, piece by piece.

    Give `feed()` the bytes as they come and say `end()` when there are no more; both return the
    words that these completed. When `over`, nothing more need be read: the reply is whole, or
    `failure` says why it never will be. Neither raises, so no text is lost to an error behind it.
    """

    def __init__(self, prices: Prices | None = None) -> None:
        self.reply = ReplyState(prices)
        self.over = False
        self.failure: ModelError | None = None
        self._words = WordFilter()
        self._kind: Kind | None = None
        self._events = EventDecoder()
        self._body = bytearray()
        self._ending = False

    @property
    def received_length(self) -> int:
        """Count the characters of the reply that have come, whatever else has."""
        return self._words.received_length

    def feed(self, data: bytes) -> Delta:
        if self.over:
            return Delta()
        if self._kind == "events":
            return self._read_events(self._events.feed(data))
        self._body += data
        if self._kind is None:
            self._kind = _detect_kind(self._body)
            if self._kind == "events":
                return self._read_events(self._events.feed(bytes(self._body)))
        if len(self._body) > LARGEST_BODY:
            self._fail(MalformedReplyError(f"a body of more than {LARGEST_BODY} bytes"))
        return Delta()

    def end(self, broken: str = "") -> Delta:
        """End the response; `broken` says how, if not in good order."""
        if self.over:
            return Delta()
        self._ending = True
        if self._kind in ("object", "page"):
            return self._read_body(broken)
        delta = self._read_events(self._events.end())
        if not self.over and not self.reply.finish_reason:
            self._fail(CutOffError(broken or "the stream ended without a finish reason"))
        return delta + self._finish()

    def flush(self) -> Delta:
        """Return what was held back, when the reply breaks off."""
        return self._words.end()

    def _read_events(self, events: Iterator[str]) -> Delta:
        deltas = []
        try:
            for data in events:
                deltas.append(self._read_event(data))
                if self.over:
                    break
        except ModelError as error:
            self._fail(error)
        return join_deltas(deltas)

    def _read_event(self, data: str) -> Delta:
        if data.strip().upper() == "[DONE]":
            return self._finish()
        try:
            chunk = _parse_object(data)
        except MalformedReplyError:
            # The last event of a broken stream was cut in two: that is not its sender's fault. And
            # nothing is missing of a reply that has said how it ended.
            if self._ending or self.reply.finish_reason:
                return Delta()
            raise
        delta = self._words.add(self.reply.add_chunk(chunk))
        if self._words.received_length > LONGEST_REPLY:
            self._fail(MalformedReplyError(f"a reply of more than {LONGEST_REPLY} characters"))
        if error := find_error(chunk):
            self._fail(error)
        return delta

    def _read_body(self, broken: str) -> Delta:
        try:
            delta = self._words.add(self.reply.add_chunk(_parse_completion(bytes(self._body))))
        except ModelError as error:
            self._fail(CutOffError(broken) if broken else error)
            return Delta()
        return delta + self._finish()

    def _finish(self) -> Delta:
        """Return what was held back, as nothing more will come, and decide how it all ended."""
        self.over = True
        reason = self.reply.finish_reason or ""
        if self.failure is None and not self.reply.is_begun:
            self._fail(MalformedReplyError("a stream without a choice"))
        elif self.failure is None and reason.lower() in FAILURES:
            self._fail(UpstreamError(f"the finish reason is “{reason}”"))
        return self._words.end()

    def _fail(self, error: ModelError) -> None:
        self.failure = error
        self.over = True


def read_completion(
    body: bytes, *, spent: str | None, prices: Prices | None, date: str = ""
) -> Completion:
    """Read a reply that was not asked for as a stream; `spent` is the header with its cost.

    Raises the `ModelError` that the body reports, or `MalformedReplyError`.
    """
    chunk = _parse_completion(body)
    reply, words = ReplyState(prices), WordFilter()
    reply.set_cost(parse_usd(spent))
    text = (words.add(reply.add_chunk(chunk)) + words.end()).text
    return Completion(text, reply.usage, reply.finish_reason, reply.model, chunk, date)


def _detect_kind(head: bytes | bytearray) -> Kind | None:
    """Tell the kind from the first character, as content types lie; None: too early to say."""
    start = head.removeprefix(BOM).lstrip(b" \t\r\n")[:1]
    if BOM.startswith(head) or (not start and len(head) < LONGEST_BLANK):
        return None
    if start in (b"{", b"["):
        return "object"
    return "page" if start == b"<" else "events"


def _parse_completion(body: bytes) -> dict[str, Any]:
    if _detect_kind(body) == "page":
        raise MalformedReplyError(
            f"an HTML page: {extract_page_title(body.decode(errors='replace'))}"
        )
    chunk = _parse_object(body.removeprefix(BOM).decode("utf-8", "replace"))
    if error := find_error(chunk):
        raise error
    if not isinstance(chunk.get("choices"), list) or not chunk["choices"]:
        raise MalformedReplyError("a JSON body without choices")
    return chunk


def _parse_object(data: str) -> dict[str, Any]:
    # What it is instead is not said: it may be part of a conversation, and goes into the log.
    try:
        chunk = json.loads(data)
    except (ValueError, RecursionError):
        chunk = None
    if not isinstance(chunk, dict):
        raise MalformedReplyError(f"{len(data)} characters that are not a JSON object")
    return chunk


def _read_finish_reason(value: object) -> str | None:
    """Return why the reply ended; None where that isn't said yet."""
    if not value:
        return None
    if not isinstance(value, str):
        return "unknown"
    return None if value.lower() in ("null", "none") else clean_label(value)

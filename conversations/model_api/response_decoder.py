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
from conversations.model_api.deltas import Delta, Words, join_deltas, read_words
from conversations.model_api.error_parsing import error_in, page_title
from conversations.model_api.errors import (
    CutOffError,
    MalformedReplyError,
    ModelError,
    UpstreamError,
)
from conversations.model_api.sse import BOM, EventDecoder
from conversations.model_api.values import Prices, Usage, usd
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
    """A reply that came whole. `raw` is the response's JSON object as it was."""

    text: str
    usage: Usage | None
    finish_reason: str | None
    model: str | None
    raw: dict[str, Any]


class Reply:
    """What the frames of one reply add up to: everything but the words, which `take()` hands on."""

    def __init__(self, prices: Prices | None) -> None:
        self.finish_reason: str | None = None
        self.model: str | None = None
        self.refusal = False
        self.is_partial = False
        self.is_begun = False
        self._prices = prices
        self._tokens: dict[str, Any] | None = None
        self._spent: Decimal | None = None
        self._index: object = None
        self._has_deltas = False

    @property
    def usage(self) -> Usage | None:
        if self._tokens is None:
            return None
        return Usage.reported(self._tokens, spent=self._spent, prices=self._prices)

    def take(self, frame: dict[str, Any]) -> Delta:
        """Absorb one chunk, or one whole completion, and return the words in it."""
        self.model = clean_label(frame.get("model")) or self.model
        if isinstance(frame.get("usage"), dict):
            self._tokens = frame["usage"]
        meta = frame.get("meta")
        if isinstance(meta, dict) and isinstance(meta.get("usage"), dict):
            self.spend(usd(meta["usage"].get("usd_spent")))
        choices = frame.get("choices")
        if not isinstance(choices, list):
            return Delta()
        return join_deltas([self._take_choice(choice) for choice in choices])

    def spend(self, amount: Decimal | None) -> None:
        """Note the provider's own figure for the cost, in USD."""
        if amount is not None:
            self._spent = amount

    def _take_choice(self, choice: object) -> Delta:
        if not isinstance(choice, dict) or not self._is_ours(choice.get("index")):
            return Delta()
        self.is_begun = True
        self.finish_reason = _reason(choice.get("finish_reason")) or self.finish_reason
        words = self._words_of(choice)
        self.refusal = self.refusal or words.is_refusal
        self.is_partial = self.is_partial or words.is_partial
        return words.delta

    def _is_ours(self, index: object) -> bool:
        """One choice is asked for; a server that sends more must not have them mixed up."""
        if self._index is None:
            self._index = index
        return index is None or index == self._index

    def _words_of(self, choice: dict[str, Any]) -> Words:
        delta, message = choice.get("delta"), choice.get("message")
        if isinstance(delta, dict) and (delta or not isinstance(message, dict)):
            words = read_words(delta)
            self._has_deltas = self._has_deltas or bool(words.delta)
            return words
        if isinstance(message, dict):
            # Some servers repeat the whole reply in the last chunk of its deltas.
            return Words() if self._has_deltas else read_words(message)
        return read_words({"content": choice.get("text")})


class ReplyDecoder:
    """A streamed reply, piece by piece.

    Give `feed()` the bytes as they come and say `end()` when there are no more; both return the
    words that these completed. When `over`, nothing more need be read: the reply is whole, or
    `failure` says why it never will be. Neither raises, so no text is lost to an error behind it.
    """

    def __init__(self, prices: Prices | None = None) -> None:
        self.reply = Reply(prices)
        self.over = False
        self.failure: ModelError | None = None
        self._words = WordFilter()
        self._kind: Kind | None = None
        self._events = EventDecoder()
        self._body = bytearray()
        self._ending = False

    @property
    def heard(self) -> int:
        """How many characters of the reply have come, whatever else has."""
        return self._words.heard

    def feed(self, data: bytes) -> Delta:
        if self.over:
            return Delta()
        if self._kind == "events":
            return self._read(self._events.feed(data))
        self._body += data
        if self._kind is None:
            self._kind = _kind_of(self._body)
            if self._kind == "events":
                return self._read(self._events.feed(bytes(self._body)))
        if len(self._body) > LARGEST_BODY:
            self._fail(MalformedReplyError(f"a body of more than {LARGEST_BODY} bytes"))
        return Delta()

    def end(self, broken: str = "") -> Delta:
        """The response is over; `broken` says how, if not in good order."""
        if self.over:
            return Delta()
        self._ending = True
        if self._kind in ("object", "page"):
            return self._read_body(broken)
        delta = self._read(self._events.end())
        if not self.over and not self.reply.finish_reason:
            self._fail(CutOffError(broken or "the stream ended without a finish reason"))
        return delta + self._end()

    def flush(self) -> Delta:
        """What was held back, when the reply breaks off."""
        return self._words.end()

    def _read(self, events: Iterator[str]) -> Delta:
        deltas = []
        try:
            for data in events:
                deltas.append(self._take(data))
                if self.over:
                    break
        except ModelError as error:
            self._fail(error)
        return join_deltas(deltas)

    def _take(self, data: str) -> Delta:
        if data.strip().upper() == "[DONE]":
            return self._end()
        try:
            frame = _object(data)
        except MalformedReplyError:
            # The last event of a broken stream was cut in two: that is not its sender's fault. And
            # nothing is missing of a reply that has said how it ended.
            if self._ending or self.reply.finish_reason:
                return Delta()
            raise
        delta = self._words.add(self.reply.take(frame))
        if self._words.heard > LONGEST_REPLY:
            self._fail(MalformedReplyError(f"a reply of more than {LONGEST_REPLY} characters"))
        if error := error_in(frame):
            self._fail(error)
        return delta

    def _read_body(self, broken: str) -> Delta:
        try:
            delta = self._words.add(self.reply.take(_completion(bytes(self._body))))
        except ModelError as error:
            self._fail(CutOffError(broken) if broken else error)
            return Delta()
        return delta + self._end()

    def _end(self) -> Delta:
        """Nothing more will come, so that what was held back is known; and how it all ended."""
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


def read_completion(body: bytes, *, spent: str | None, prices: Prices | None) -> Completion:
    """Read a reply that was not asked for as a stream; `spent` is the header with its cost.

    Raises the `ModelError` that the body reports, or `MalformedReplyError`.
    """
    frame = _completion(body)
    reply, words = Reply(prices), WordFilter()
    reply.spend(usd(spent))
    text = (words.add(reply.take(frame)) + words.end()).text
    return Completion(text, reply.usage, reply.finish_reason, reply.model, frame)


def _kind_of(head: bytes | bytearray) -> Kind | None:
    """Told from the first character, as content types can't be trusted; None: too early to say."""
    start = head.removeprefix(BOM).lstrip(b" \t\r\n")[:1]
    if BOM.startswith(head) or (not start and len(head) < LONGEST_BLANK):
        return None
    if start in (b"{", b"["):
        return "object"
    return "page" if start == b"<" else "events"


def _completion(body: bytes) -> dict[str, Any]:
    if _kind_of(body) == "page":
        raise MalformedReplyError(f"an HTML page: {page_title(body.decode(errors='replace'))}")
    frame = _object(body.removeprefix(BOM).decode("utf-8", "replace"))
    if error := error_in(frame):
        raise error
    if not isinstance(frame.get("choices"), list) or not frame["choices"]:
        raise MalformedReplyError("a JSON body without choices")
    return frame


def _object(data: str) -> dict[str, Any]:
    # What it is instead is not said: it may be part of a conversation, and goes into the log.
    try:
        frame = json.loads(data)
    except (ValueError, RecursionError):
        frame = None
    if not isinstance(frame, dict):
        raise MalformedReplyError(f"{len(data)} characters that are not a JSON object")
    return frame


def _reason(value: object) -> str | None:
    """Why the reply ended; None where that isn't said yet."""
    if not value:
        return None
    if not isinstance(value, str):
        return "unknown"
    return None if value.lower() in ("null", "none") else clean_label(value)

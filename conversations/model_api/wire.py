"""The reply on the wire: bytes → text, usage, how it ended.

What comes in is whatever a server sends after a success: a stream of `chat.completion.chunk`
events, one JSON body where a stream was asked for, or a proxy's HTML.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from conversations.model_api.envelopes import error_in, page_title
from conversations.model_api.errors import CutOff, Malformed, ModelError
from conversations.model_api.sse import BOM, EventDecoder
from conversations.model_api.values import Prices, Usage, usd

# Far beyond any reply (32,768 tokens), far below what hurts a server: in bytes and in characters.
LARGEST_BODY = 16 * 1024 * 1024
LONGEST_REPLY = 4 * 1024 * 1024
LONGEST_BLANK = 1024
LONGEST_LABEL = 200

_SURROGATE = re.compile("[\ud800-\udfff]")

type Kind = Literal["events", "object", "page"]


@dataclass(frozen=True)
class Completion:
    """A reply that came whole. `raw` is the response's JSON object as it was."""

    text: str
    usage: Usage | None
    finish_reason: str | None
    model: str | None
    raw: dict[str, Any]


class CleanText:
    """Text that a database can store: no NUL characters, no half surrogate pairs.

    A pair that a server cut in two, half in one piece and half in the next, is put together.
    """

    def __init__(self) -> None:
        self._half = ""

    def add(self, piece: str) -> str:
        text = self._half + piece
        self._half = ""
        if _SURROGATE.search(text):
            if "\ud800" <= text[-1] <= "\udbff":
                text, self._half = text[:-1], text[-1]
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text.replace("\0", "")

    def end(self) -> str:
        return "\ufffd" if self._half else ""


class Reply:
    """What the frames of one reply add up to: everything but the text, which `take()` hands on."""

    def __init__(self, prices: Prices | None) -> None:
        self.finish_reason: str | None = None
        self.model: str | None = None
        self.refusal = False
        self.clean = CleanText()
        self._prices = prices
        self._tokens: dict[str, Any] | None = None
        self._spent: Decimal | None = None

    @property
    def usage(self) -> Usage | None:
        if self._tokens is None:
            return None
        return Usage.reported(self._tokens, spent=self._spent, prices=self._prices)

    def take(self, frame: dict[str, Any]) -> str:
        """Absorb one chunk, or one whole completion, and return the text in it."""
        self.model = _label(frame.get("model")) or self.model
        if isinstance(frame.get("usage"), dict):
            self._tokens = frame["usage"]
        meta = frame.get("meta")
        if isinstance(meta, dict) and isinstance(meta.get("usage"), dict):
            self.spend(usd(meta["usage"].get("usd_spent")))
        choices = frame.get("choices")
        return "".join(map(self._take_choice, choices)) if isinstance(choices, list) else ""

    def spend(self, amount: Decimal | None) -> None:
        """Note the provider's own figure for the cost, in USD."""
        if amount is not None:
            self._spent = amount

    def _take_choice(self, choice: object) -> str:
        # One choice is asked for; a server that sends more must not have them mixed up.
        if not isinstance(choice, dict) or choice.get("index"):
            return ""
        self.finish_reason = _label(choice.get("finish_reason")) or self.finish_reason
        message = choice.get("delta") or choice.get("message")
        if not isinstance(message, dict):
            return ""
        content, refusal = message.get("content"), message.get("refusal")
        text = content if isinstance(content, str) else ""
        if isinstance(refusal, str) and refusal:
            self.refusal = True
            text += refusal
        return self.clean.add(text)


class ReplyDecoder:
    """A streamed reply, piece by piece.

    Give `feed()` the bytes as they come and say `end()` when there are no more; both return the
    text that these completed. When `over`, nothing more need be read: the reply is whole, or
    `failure` says why it never will be. Neither raises, so no text is lost to an error behind it.
    """

    def __init__(self, prices: Prices | None = None) -> None:
        self.reply = Reply(prices)
        self.over = False
        self.failure: ModelError | None = None
        self._kind: Kind | None = None
        self._events = EventDecoder()
        self._body = bytearray()
        self._length = 0
        self._ending = False

    def feed(self, data: bytes) -> str:
        if self.over:
            return ""
        if self._kind == "events":
            return self._read(self._events.feed(data))
        self._body += data
        if self._kind is None:
            self._kind = _kind_of(self._body)
            if self._kind == "events":
                return self._read(self._events.feed(bytes(self._body)))
        if len(self._body) > LARGEST_BODY:
            self._fail(Malformed(f"a body of more than {LARGEST_BODY} bytes"))
        return ""

    def end(self, broken: str = "") -> str:
        """The response is over; `broken` says how, if not in good order."""
        if self.over:
            return ""
        self._ending = True
        if self._kind in ("object", "page"):
            return self._read_body(broken)
        text = self._read(self._events.end()) + self.reply.clean.end()
        if not self.over and not self.reply.finish_reason:
            self._fail(CutOff(broken or "the stream ended without a finish reason"))
        self.over = True
        return text

    def _read(self, events: Iterator[str]) -> str:
        pieces = []
        try:
            for data in events:
                pieces.append(self._take(data))
                if self.over:
                    break
        except ModelError as error:
            self._fail(error)
        return "".join(pieces)

    def _take(self, data: str) -> str:
        if data.strip() == "[DONE]":
            self.over = True
            return self.reply.clean.end()
        try:
            frame = _object(data)
        except Malformed:
            # The last event of a broken stream was cut in two: that is not its sender's fault.
            if self._ending:
                return ""
            raise
        text = self.reply.take(frame)
        self._length += len(text)
        if self._length > LONGEST_REPLY:
            self._fail(Malformed(f"a reply of more than {LONGEST_REPLY} characters"))
        if error := error_in(frame):
            self._fail(error)
        return text

    def _read_body(self, broken: str) -> str:
        try:
            text = self.reply.take(_completion(bytes(self._body))) + self.reply.clean.end()
        except ModelError as error:
            self._fail(CutOff(broken) if broken else error)
            return ""
        self.over = True
        return text

    def _fail(self, error: ModelError) -> None:
        self.failure = error
        self.over = True


def read_completion(body: bytes, *, spent: str | None, prices: Prices | None) -> Completion:
    """Read a reply that was not asked for as a stream; `spent` is the header with its cost.

    Raises the `ModelError` that the body reports, or `Malformed`.
    """
    frame = _completion(body)
    reply = Reply(prices)
    reply.spend(usd(spent))
    text = reply.take(frame) + reply.clean.end()
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
        raise Malformed(f"an HTML page: {page_title(body.decode(errors='replace'))}")
    frame = _object(body.removeprefix(BOM).decode("utf-8", "replace"))
    if error := error_in(frame):
        raise error
    if not isinstance(frame.get("choices"), list) or not frame["choices"]:
        raise Malformed("a JSON body without choices")
    return frame


def _object(data: str) -> dict[str, Any]:
    # What it is instead is not said: it may be part of a conversation, and goes into the log.
    try:
        frame = json.loads(data)
    except (ValueError, RecursionError):
        frame = None
    if not isinstance(frame, dict):
        raise Malformed(f"{len(data)} characters that are not a JSON object")
    return frame


def _label(value: object) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    return CleanText().add(value)[:LONGEST_LABEL]

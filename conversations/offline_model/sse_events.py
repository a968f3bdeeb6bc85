"""One reply as bytes: the events of a stream in its dialect, or the JSON of a whole reply."""

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversations.offline_model.errors import build_openai_error
from conversations.offline_model.faults import Fault, Filler
from conversations.offline_model.json_encoding import encode_json
from conversations.offline_model.models import find_listed
from conversations.offline_model.usage import count_usage


@dataclass(frozen=True, kw_only=True)
class PlannedReply:
    """What is going to be said, and what it will have cost."""

    model: str
    tokens: Sequence[str]
    reasoning: Sequence[str] = ()
    finish_reason: str
    is_refusal: bool
    prompt_tokens: int
    cached_tokens: int
    with_usage_event: bool
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def text_field(self) -> str:
        return "refusal" if self.is_refusal else "content"

    def count_usage(self, fault: Fault) -> dict[str, Any]:
        written = len(self.tokens) + len(self.reasoning)
        model = find_listed(self.model)
        counted = count_usage(self.prompt_tokens, self.cached_tokens, written, model)
        return counted if fault.price else {"usage": counted["usage"]}

    def price_header(self, fault: Fault) -> dict[str, str]:
        if not fault.price:
            return {}
        usd = self.count_usage(fault)["meta"]["usage"]["usd_spent"]
        return {"x-aimlapi-usd-spent": f"{usd:.8f}"}

    def encode_whole(self, fault: Fault) -> bytes:
        """Return the body of a reply that is not streamed."""
        said = build_content("".join(self.tokens), fault)
        text = {"content": None, "refusal": None, self.text_field: said}
        if self.reasoning:
            text[fault.reasoning_field] = "".join(self.reasoning)
        choice = {
            "index": fault.index,
            "message": {"role": "assistant", **text, "annotations": []},
            "logprobs": None,
            "finish_reason": self.finish_reason,
        }
        fields = self.count_usage(fault) if fault.usage else {}
        return encode_json(
            {
                "id": self.id,
                "object": "chat.completion",
                "created": self.created,
                "model": self.model,
                "choices": [choice],
                **fields,
            }
        )


def build_content(text: str, fault: Fault) -> str | list[dict[str, str]]:
    return [{"type": "text", "text": text}] if fault.parts else text


def encode_error(fault: Fault) -> bytes:
    """Return what comes after a 200 when the server fails in the middle of a reply."""
    message = fault.message or "The server had an error while processing your request."
    return encode_json(build_openai_error(message, "server_error"))


class EventEncoder:
    """Writes one reply as server-sent events."""

    def __init__(self, reply: PlannedReply, fault: Fault) -> None:
        self._reply = reply
        self._fault = fault
        self._token = self._split({reply.text_field: build_content("\0", fault)})
        self._thought = self._split({fault.reasoning_field: "\0"})

    def encode_opening(self) -> bytes:
        text = {"content": None, "refusal": None, self._reply.text_field: ""}
        bom = b"\xef\xbb\xbf" if self._fault.bom else b""
        return bom + self._chunk_around({"role": "assistant", **text})

    def encode_tokens(self, tokens: Iterable[str]) -> bytes:
        return _join_events(tokens, self._token)

    def encode_reasoning(self, tokens: Iterable[str]) -> bytes:
        return _join_events(tokens, self._thought)

    def encode_filler(self, kind: Filler) -> bytes:
        """Return what comes in place of words while they stall."""
        match kind:
            case "comments":
                return b": keep-alive" + self._fault.newline.encode() * 2
            case "bytes":
                # More and more of an event that never ends.
                return b"d"
            case "empty":
                return self._chunk_around({self._reply.text_field: ""})
        return b""

    def encode_closing(self) -> bytes:
        """Return the finish reason, the usage where it was asked for, and the end mark."""
        events = [self._chunk_around({}, self._reply.finish_reason)]
        if self._reply.with_usage_event and self._fault.usage:
            usage = {**self._head(), "choices": [], **self._reply.count_usage(self._fault)}
            events.append(self._event(encode_json(usage)))
        if self._fault.done:
            events.append(self._event(b"[DONE]"))
        return b"".join(events)

    def encode_malformed(self) -> bytes:
        return self._event(b'{"id":"chatcmpl-broken","choices":[{"delta":{"content":')

    def encode_in_stream_error(self) -> bytes:
        return self._event(encode_error(self._fault))

    def _head(self) -> dict[str, Any]:
        return {
            "id": self._reply.id,
            "object": "chat.completion.chunk",
            "created": self._reply.created,
            "model": self._reply.model,
        }

    def _split(self, delta: dict[str, Any]) -> tuple[bytes, bytes]:
        """Return what is before and after each token in its event: encoding each whole costs four
        times as much.
        """
        before, _, after = self._chunk_around(delta).rpartition(encode_json("\0"))
        return before, after

    def _chunk_around(self, delta: dict[str, Any], finish_reason: str | None = None) -> bytes:
        choice = {"index": self._fault.index, "delta": delta, "logprobs": None}
        choice["finish_reason"] = finish_reason
        return self._event(encode_json({**self._head(), "choices": [choice]}))

    def _event(self, data: bytes) -> bytes:
        line_end = self._fault.newline.encode()
        comment = b": keep-alive" + line_end * 2 if self._fault.comments else b""
        return comment + b"data: " + data + line_end * 2


def _join_events(tokens: Iterable[str], around: tuple[bytes, bytes]) -> bytes:
    before, after = around
    return b"".join([b"%b%b%b" % (before, encode_json(token), after) for token in tokens])

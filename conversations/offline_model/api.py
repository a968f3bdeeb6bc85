"""The endpoints: which request gets which answer."""

import uuid
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conversations.offline_model.connection import Exchange
from conversations.offline_model.delivery import deliver_reply
from conversations.offline_model.directives import parse_fault
from conversations.offline_model.errors import ApiError
from conversations.offline_model.faults import Fault, Shape
from conversations.offline_model.json_encoding import encode_json
from conversations.offline_model.models import LISTED, find_listed
from conversations.offline_model.parameters import (
    compose_json,
    end_at_stop,
    list_sent_parameters,
)
from conversations.offline_model.replies import compose_reply, continue_text, find_partial_reply
from conversations.offline_model.shapes import write_exact_reply
from conversations.offline_model.sse_events import PlannedReply
from conversations.offline_model.titles import find_titled_message
from conversations.offline_model.tokens import split_tokens
from conversations.offline_model.usage import PromptCache
from conversations.offline_model.validation import (
    check_access,
    check_chat_request,
    check_media_support,
    check_prompt_length,
)

NO_FAULT = Fault()


@dataclass(frozen=True, kw_only=True)
class ReplySettings:
    """What replies are like where no fault says otherwise; see OfflineModel."""

    rate: float
    tokens: int | None
    shape: Shape


class ChatApi:
    """Answers requests, and remembers between them: scripted faults, prompts seen, faults met."""

    def __init__(self, settings: ReplySettings) -> None:
        self.scripted: deque[Fault] = deque()
        self._settings = settings
        self._prompts = PromptCache()
        self._met: Counter[bytes] = Counter()

    async def answer(self, exchange: Exchange) -> None:
        method, path = exchange.request.method, exchange.request.path.partition("?")[0]
        try:
            match method, path:
                case "POST", "/v1/chat/completions":
                    await self._chat(exchange)
                case "GET", "/v1/models":
                    exchange.respond(200, _encode_models(), {"Content-Type": "application/json"})
                case _:
                    raise ApiError(404, f"Cannot {method} {path}")
        except ApiError as error:
            exchange.respond(*error.response(path))

    async def _chat(self, exchange: Exchange) -> None:
        body = exchange.request.body
        check_access(exchange.request.headers)
        check_chat_request(body)
        prompt_tokens, cached_tokens = self._prompts.count(body["messages"])
        listed = find_listed(body["model"])
        check_prompt_length(prompt_tokens, listed.context_window)
        fault = self._next_fault(body["messages"])
        if fault.status is not None:
            raise _make_status_error(fault)
        check_media_support(body["messages"], fault, listed)
        tokens, cut_short = self._plan_tokens(body, fault)
        reply = PlannedReply(
            model=body["model"],
            tokens=tokens,
            reasoning=split_tokens(fault.reasoning or ""),
            finish_reason=fault.finish_reason or ("length" if cut_short else "stop"),
            is_refusal=fault.refusal is not None,
            prompt_tokens=prompt_tokens,
            cached_tokens=cached_tokens,
            with_usage_event=bool((body.get("stream_options") or {}).get("include_usage")),
        )
        await deliver_reply(
            exchange,
            reply,
            fault,
            streamed=body.get("stream", False),
            rate=self._settings.rate if fault.rate is None else fault.rate,
            headers={"x-inference-id": str(uuid.uuid4())},
        )

    def _next_fault(self, messages: list[dict[str, Any]]) -> Fault:
        if self.scripted:
            return self.scripted.popleft()
        # A line that asks for a fault asks for that of the reply, not of the title after it.
        is_title = find_titled_message(messages) is not None
        fault = None if is_title else parse_fault(messages[-1])
        if fault is None:
            return NO_FAULT
        if fault.times is not None:
            key = encode_json(messages)
            self._met[key] += 1
            if self._met[key] > fault.times:
                return NO_FAULT
        return fault

    def _plan_tokens(self, body: dict[str, Any], fault: Fault) -> tuple[Sequence[str], bool]:
        """Return the reply's tokens, and whether the request's limit cut it short."""
        messages = body["messages"]
        partial = find_partial_reply(messages)
        if partial is None or fault is not NO_FAULT:
            tokens = self._say(messages, fault, body)
        else:
            # What went wrong with the beginning doesn't again; what was to be said is.
            asked = messages[:-2]
            whole = self._say(asked, parse_fault(asked[-1]) or NO_FAULT, body)
            tokens = split_tokens(continue_text("".join(whole), partial))
        tokens = end_at_stop(tokens, body.get("stop"))
        limit = body.get("max_completion_tokens") or body.get("max_tokens") or len(tokens)
        return tokens[:limit], len(tokens) > limit

    def _say(
        self, messages: list[dict[str, Any]], fault: Fault, body: dict[str, Any]
    ) -> Sequence[str]:
        is_exact = fault.tokens is None and find_titled_message(messages) is None
        length = self._settings.tokens if is_exact else fault.tokens
        said = fault.text if fault.refusal is None else fault.refusal
        if said is not None:
            return split_tokens(said)
        if length is not None:
            return write_exact_reply(fault.shape or self._settings.shape, length)
        parameters = list_sent_parameters(body)
        if (made := compose_json(body.get("response_format"), parameters)) is not None:
            return split_tokens(made)
        return split_tokens(compose_reply(messages, parameters))


def _make_status_error(fault: Fault) -> ApiError:
    assert fault.status is not None  # noqa: S101
    return ApiError(
        fault.status, fault.message, envelope=fault.envelope, retry_after=fault.retry_after
    )


def _encode_models() -> bytes:
    return encode_json({"object": "list", "data": [each.describe() for each in LISTED]})

"""How the tests of the decoder feed it."""

import json
from typing import Any

from conversations.model_api import Prices
from conversations.model_api.deltas import join_deltas
from conversations.model_api.response_decoder import ReplyDecoder
from tests.model_api.servers import event

DONE = event("[DONE]")
USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "prompt_tokens_details": {"cached_tokens": 400},
}


def decoded(*chunks: bytes, broken: str = "") -> tuple[str, ReplyDecoder]:
    decoder = ReplyDecoder(Prices())
    deltas = [decoder.feed(chunk) for chunk in chunks]
    return join_deltas([*deltas, decoder.end(broken), decoder.flush()]).text, decoder


def delta(**fields: Any) -> bytes:
    return event({"choices": [{"index": 0, "delta": fields, "finish_reason": None}]})


def whole(text: str, **fields: Any) -> bytes:
    message = {"role": "assistant", "content": text}
    return json.dumps(
        {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], **fields}
    ).encode()

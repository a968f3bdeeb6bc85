"""The client of the model's HTTP API. Knows nothing of Django; only `threading` underneath, so that
it works with real threads and under gevent alike.

    client = ModelClient(base_url="https://api.aimlapi.com/v1", api_key=key, model="openai/…")
    with client.stream(messages, request_id="reply-17", cancellation=stop) as reply:
        for delta in reply:
            print(delta.text, end="")
    print(reply.usage)

From the outside in: `client` (what callers use) → `calls` (one request: retries, log) → `session`,
`connections`, `cancellable_connection` (the connection and how it is aborted) → `body` →
`response_decoder`, `sse` (bytes → frames) → `deltas`, `word_filter`, `think_tags` (frames → words).
`errors` has the exceptions and the sentences for users, `error_parsing` reads services' error
answers, `exception_mapping` finds what lies beneath the libraries' exceptions.
"""

from conversations.model_api.cancellation import CallCancelledError, Cancellation
from conversations.model_api.client import ModelClient, ReplyStream
from conversations.model_api.deltas import Delta
from conversations.model_api.errors import (
    BadKeyError,
    BadRequestError,
    CallTimeoutError,
    ConnectionFailedError,
    CutOffError,
    MalformedReplyError,
    ModelError,
    NotFoundError,
    OutOfCreditsError,
    ThrottledError,
    TooLongError,
    UpstreamError,
    sentence_for,
)
from conversations.model_api.response_decoder import Completion
from conversations.model_api.think_tags import split_unopened
from conversations.model_api.values import ChatMessage, Prices, Timeouts, Usage

__all__ = [
    "BadKeyError",
    "BadRequestError",
    "CallCancelledError",
    "CallTimeoutError",
    "Cancellation",
    "ChatMessage",
    "Completion",
    "ConnectionFailedError",
    "CutOffError",
    "Delta",
    "MalformedReplyError",
    "ModelClient",
    "ModelError",
    "NotFoundError",
    "OutOfCreditsError",
    "Prices",
    "ReplyStream",
    "ThrottledError",
    "Timeouts",
    "TooLongError",
    "UpstreamError",
    "Usage",
    "sentence_for",
    "split_unopened",
]

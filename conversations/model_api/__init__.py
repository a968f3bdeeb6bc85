"""The client of the model's HTTP API. Knows nothing of Django; only `threading` underneath, so that
it works with real threads and under gevent alike. `README.md` has its map.

    client = ModelClient(base_url="https://api.aimlapi.com/v1", api_key=key, model="openai/…")
    with client.stream(messages, request_id="reply-17", cancellation=stop) as reply:
        for delta in reply:
            print(delta.text, end="")
    print(reply.usage)
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
    UnreadableFileError,
    UpstreamError,
    choose_sentence,
)
from conversations.model_api.model_list import ServerModel
from conversations.model_api.parts import (
    Blob,
    Content,
    FilePart,
    ImagePart,
    MediaKind,
    MediaPart,
    TextPart,
)
from conversations.model_api.response_decoder import Completion
from conversations.model_api.think_tags import split_unopened_thinking
from conversations.model_api.values import ChatMessage, Prices, Timeouts, Usage

__all__ = [
    "BadKeyError",
    "BadRequestError",
    "Blob",
    "CallCancelledError",
    "CallTimeoutError",
    "Cancellation",
    "ChatMessage",
    "Completion",
    "ConnectionFailedError",
    "Content",
    "CutOffError",
    "Delta",
    "FilePart",
    "ImagePart",
    "MalformedReplyError",
    "MediaKind",
    "MediaPart",
    "ModelClient",
    "ModelError",
    "NotFoundError",
    "OutOfCreditsError",
    "Prices",
    "ReplyStream",
    "ServerModel",
    "TextPart",
    "ThrottledError",
    "Timeouts",
    "TooLongError",
    "UnreadableFileError",
    "UpstreamError",
    "Usage",
    "choose_sentence",
    "split_unopened_thinking",
]

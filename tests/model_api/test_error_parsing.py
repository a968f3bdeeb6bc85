"""What services say of an error, in any of the shapes they say it in."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from conversations.model_api import (
    BadKeyError,
    BadRequestError,
    CallTimeoutError,
    ModelError,
    NotFoundError,
    OutOfCreditsError,
    ThrottledError,
    TooLongError,
    UpstreamError,
)
from conversations.model_api.error_parsing import (
    find_error,
    parse_error_response,
    parse_retry_after,
)

PLAIN = {
    "message": "Invalid key",
    "path": "/v1/chat/completions",
    "requestId": "r-1",
    "statusCode": 401,
    "timestamp": "2026-08-30T10:00:00Z",
}
PROBLEM = {
    "title": "Forbidden",
    "status": 403,
    "message": "Out of credits",
    "instance": "/v1/chat/completions",
    "requestId": "r-2",
    "timestamp": "2026-08-30T10:00:00Z",
    "error": {"name": "ForbiddenException", "message": "Out of credits"},
}
OPENAI = {"error": {"message": "No such model", "type": "invalid", "code": "model_not_found"}}


def error(status: int, body: object = b"", **headers: str) -> ModelError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse_error_response(status, headers, content)


def test_it_works() -> None:
    assert str(error(401, PLAIN)) == "bad_key (HTTP 401): Invalid key; request r-1"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *(
            (400, BadRequestError),
            (401, BadKeyError),
            (402, OutOfCreditsError),
            (403, OutOfCreditsError),
        ),
        *(
            (404, NotFoundError),
            (408, CallTimeoutError),
            (413, TooLongError),
            (418, BadRequestError),
            (422, BadRequestError),
        ),
        *((429, ThrottledError), (500, UpstreamError), (502, UpstreamError)),
        *(
            (503, UpstreamError),
            (504, CallTimeoutError),
            (529, UpstreamError),
            (302, NotFoundError),
        ),
    ],
)
def test_the_status_decides(status: int, kind: type[ModelError]) -> None:
    failure = error(status)

    assert type(failure) is kind
    assert failure.status == status


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (PROBLEM, "Forbidden; Out of credits; ForbiddenException; request r-2"),
        (OPENAI, "No such model; invalid; model_not_found"),
        ({"detail": "Not authenticated"}, "Not authenticated"),
        ({"detail": [{"msg": "field required"}]}, '[{"msg": "field required"}]'),
        ({"error": "model is required"}, "model is required"),
        (b"<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"),
        (b"<p>Nothing <b>here</b></p>", "Nothing here"),
        (b"upstream connect error", "upstream connect error"),
        (b"[1, 2]", "[1, 2]"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"", ""),
    ],
)
def test_every_envelope_is_understood(body: object, detail: str) -> None:
    assert error(500, body).detail == detail


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 1047576 tokens. However, …",
        "maximum tokens exceeded",
        "Input is too long for the requested model",
        "the request exceeds the available context size",
        "prompt is too long: 210000 tokens > 200000 maximum",
        "Please reduce the length of the messages",
    ],
)
def test_a_bad_request_that_speaks_of_length_is_too_long(message: str) -> None:
    assert type(error(400, {"message": message})) is TooLongError


def test_a_bad_request_that_does_not_is_not() -> None:
    assert type(error(400, {"message": "messages.0.role: Invalid enum value"})) is BadRequestError


def test_throttling_for_want_of_quota_is_not_worth_waiting_for() -> None:
    assert type(error(429, {"error": {"code": "insufficient_quota"}})) is OutOfCreditsError


def test_the_time_to_retry_after_is_kept() -> None:
    assert error(429, **{"Retry-After": "7"}).retry_after == 7


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0), (" 12 ", 12), ("9" * 30, 604800), ("soon", None), ("-3", None), ("", None)],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value) == seconds


def test_retry_after_as_a_date() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)

    assert 25 < (parse_retry_after(moment) or 0) <= 30


def test_retry_after_as_a_date_gone_by_means_now() -> None:
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0


@pytest.mark.parametrize(
    "chunk", [{"choices": []}, {"error": None, "choices": []}, {"message": "hi"}, {"status": "ok"}]
)
def test_chunks_without_an_error_have_none(chunk: dict[str, object]) -> None:
    assert find_error(chunk) is None

"""What the decoder makes of errors, of broken data, and of bodies that are no stream."""

from typing import Any

import pytest

from conversations.model_api import (
    CutOffError,
    MalformedReplyError,
    OutOfCreditsError,
    ThrottledError,
    TooLongError,
    UpstreamError,
)
from tests.model_api.decoding import DONE, USAGE, decoded, whole
from tests.model_api.servers import event, text_event


@pytest.mark.parametrize("chunk", [{"choices": []}, {"usage": USAGE}, {"type": "ping"}])
def test_a_stream_without_any_choice_is_malformed(chunk: dict[str, Any]) -> None:
    assert isinstance(decoded(event(chunk), DONE)[1].failure, MalformedReplyError)


def test_an_error_as_finish_reason_is_a_failure_that_keeps_the_text() -> None:
    text, decoder = decoded(text_event("Hello"), text_event("", "error"), DONE)

    assert text == "Hello"
    assert isinstance(decoder.failure, UpstreamError)


def test_an_error_in_mid_stream_ends_it_and_keeps_its_text() -> None:
    error = {"error": {"message": "The server is overloaded", "type": "server_error"}}
    text, decoder = decoded(text_event("Hel") + event(error) + text_event("lo"))

    assert text == "Hel"
    assert isinstance(decoder.failure, UpstreamError)
    assert "overloaded" in decoder.failure.detail


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"message": "slow down", "code": 429}, ThrottledError),
        ({"message": "no money", "code": 402}, OutOfCreditsError),
        ({"message": "Rate limit reached", "code": "rate_limit_exceeded"}, ThrottledError),
        ({"message": "too much", "code": "context_length_exceeded"}, TooLongError),
        ("something broke", UpstreamError),
    ],
)
def test_an_error_in_mid_stream_is_told_by_its_code(error: object, kind: type) -> None:
    assert type(decoded(event({"error": error}))[1].failure) is kind


@pytest.mark.parametrize("field", ["object", "type"])
def test_a_frame_that_calls_itself_an_error_is_one(field: str) -> None:
    chunk = {field: "error", "message": "slow down", "code": 429}

    assert type(decoded(text_event("Hello"), event(chunk))[1].failure) is ThrottledError


def test_the_providers_own_envelope_in_mid_stream_is_an_error() -> None:
    envelope = {"message": "upstream died", "statusCode": 502, "requestId": "r1"}

    assert isinstance(decoded(event(envelope))[1].failure, UpstreamError)


@pytest.mark.parametrize("data", ["{", "hello", "[1]", "1", "[" * 100_000])
def test_data_that_is_no_json_object_is_malformed_and_not_quoted(data: str) -> None:
    text, decoder = decoded(text_event("Hello") + event(data) + text_event("more"))

    assert text == "Hello"
    assert isinstance(decoder.failure, MalformedReplyError)
    assert f"{len(data)} characters" in decoder.failure.detail


def test_an_error_as_a_json_body_where_a_stream_was_asked_for_is_that_error() -> None:
    body = b'\n {"error": {"message": "Rate limit", "code": 429}}'

    assert isinstance(decoded(body)[1].failure, ThrottledError)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"hello": 1}', b'{"choices": []}'])
def test_any_other_json_body_is_malformed(body: bytes) -> None:
    assert isinstance(decoded(body)[1].failure, MalformedReplyError)


def test_a_json_body_on_a_broken_connection_is_cut_off() -> None:
    assert isinstance(decoded(whole("Hello")[:-5], broken="reset")[1].failure, CutOffError)


def test_html_is_malformed_and_its_title_is_told() -> None:
    page = b"<!doctype html><title>Captive &amp; portal</title><h1>Sign in</h1>"
    _, decoder = decoded(page)

    assert isinstance(decoder.failure, MalformedReplyError)
    assert decoder.failure.detail == "an HTML page: Captive & portal"

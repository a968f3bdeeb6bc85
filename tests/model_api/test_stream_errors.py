"""A stream that breaks off, isn't one, or is refused: the error's class, and the text before it."""

from typing import Any

import pytest

from conversations.model_api import (
    BadKeyError,
    BadRequestError,
    CutOffError,
    MalformedReplyError,
    ModelClient,
    ModelError,
    NotFoundError,
    OutOfCreditsError,
    ThrottledError,
    TooLongError,
    UpstreamError,
)
from conversations.offline_model import Fault, OfflineModel
from tests.model_api.asking import MakeClient, ask, collect
from tests.model_api.servers import STREAM_HEAD, LoopbackServer, answering, text_event


def test_a_cut_stream_raises_cut_off_and_keeps_its_text(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(cut=7))
    text, error = collect(ask(client))

    assert text
    assert isinstance(error, CutOffError)


def test_a_stream_that_ends_early_in_good_order_is_cut_off_too(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(raw=text_event("Hel")))
    text, error = collect(ask(client))

    assert text == "Hel"
    assert isinstance(error, CutOffError)


def test_a_body_shorter_than_announced_is_cut_off(make_client: MakeClient) -> None:
    head = STREAM_HEAD + b"Content-Length: 9999\r\n\r\n"
    with LoopbackServer(answering(head + text_event("Hel"))) as server:
        text, error = collect(ask(make_client(server.base_url)))

    assert text == "Hel"
    assert isinstance(error, CutOffError)


def test_malformed_frames_raise_malformed_and_keep_the_text(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(malformed=7))
    text, error = collect(ask(client))

    assert text
    assert isinstance(error, MalformedReplyError)


def test_an_error_in_mid_stream_is_raised_after_the_text_before_it(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(error=7, message="The server fell over."))
    text, error = collect(ask(client))

    assert text
    assert isinstance(error, UpstreamError)
    assert "fell over" in error.detail


def test_html_with_a_success_is_malformed(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(raw=b"<html><title>Welcome to nginx</title></html>"))
    text, error = collect(ask(client))

    assert text == ""
    assert isinstance(error, MalformedReplyError)
    assert "Welcome to nginx" in error.detail


def test_what_is_not_http_is_malformed(make_client: MakeClient) -> None:
    with LoopbackServer(answering(b"SSH-2.0-OpenSSH_9.6\r\n")) as server:
        _, error = collect(ask(make_client(server.base_url)))

    assert isinstance(error, MalformedReplyError)


def test_broken_compression_is_malformed(make_client: MakeClient) -> None:
    head = STREAM_HEAD + b"Content-Encoding: gzip\r\n\r\n"
    with LoopbackServer(answering(head + b"this is not gzip")) as server:
        _, error = collect(ask(make_client(server.base_url)))

    assert isinstance(error, MalformedReplyError)


@pytest.mark.parametrize("envelope", ["plain", "problem", "openai"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *(
            (400, BadRequestError),
            (401, BadKeyError),
            (403, OutOfCreditsError),
            (404, NotFoundError),
        ),
        *((429, ThrottledError), (500, UpstreamError), (502, UpstreamError)),
    ],
)
def test_every_refusal_has_its_class_and_its_words(
    make_client: MakeClient,
    offline_model: OfflineModel,
    status: int,
    kind: type[ModelError],
    envelope: Any,
) -> None:
    offline_model.script(Fault(status=status, envelope=envelope, message="Because."))
    _, error = collect(ask(make_client(offline_model.base_url, max_retries=0)))

    assert type(error) is kind
    assert error.status == status
    assert "Because." in error.detail


def test_a_proxy_that_refuses_in_html_is_understood(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(status=502, envelope="html"))
    _, error = collect(ask(make_client(offline_model.base_url, max_retries=0)))

    assert isinstance(error, UpstreamError)
    assert error.detail == "502 Bad Gateway"


def test_too_many_tokens_are_told_from_a_bad_request(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    message = "This model's maximum context length is 1047576 tokens."
    offline_model.script(Fault(status=400, message=message))

    assert isinstance(collect(ask(client))[1], TooLongError)


def test_a_redirect_is_an_error_and_is_not_followed(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    location = f"Location: {offline_model.base_url}/chat/completions\r\n".encode()
    redirect = b"HTTP/1.1 307 Elsewhere\r\nContent-Length: 0\r\n" + location + b"\r\n"
    with LoopbackServer(answering(redirect)) as server:
        _, error = collect(ask(make_client(server.base_url)))

    assert isinstance(error, NotFoundError)
    assert error.detail == f"redirected to {offline_model.base_url}/chat/completions"
    assert offline_model.requests == []


def test_a_long_explanation_is_shortened(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(status=400, message="why\n" * 1000))
    _, error = collect(ask(client))

    assert error is not None
    assert len(error.detail) <= 301
    assert "\n" not in error.detail

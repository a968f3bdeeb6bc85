"""Asking a server which models it has."""

import json
import threading
from decimal import Decimal
from typing import Any

import pytest

from conversations.model_api import (
    BadKeyError,
    CallCancelledError,
    CallTimeoutError,
    Cancellation,
    ConnectionFailedError,
    MalformedReplyError,
    ModelClient,
    ModelError,
    NotFoundError,
    Prices,
    ServerModel,
    Timeouts,
)
from conversations.model_api.model_list import MOST_MODELS, read_model_list
from conversations.offline_model import OfflineModel
from tests.model_api.asking import MakeClient
from tests.model_api.servers import LoopbackServer, answering, read_request, silent

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"


def read(*entries: Any) -> list[ServerModel]:
    return read_model_list(json.dumps({"object": "list", "data": entries}).encode())


def test_the_offline_model_says_what_it_has(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    mini, quick, _thorough = client.list_models()
    assert mini == ServerModel(
        "openai/gpt-4.1-mini-2025-04-14",
        "GPT-4.1 mini",
        1_047_576,
        32_768,
        Prices(Decimal("0.4"), Decimal("0.1"), Decimal("1.6")),
        reads_images=True,
        reads_files=True,
    )
    assert (quick.reads_images, quick.reads_files) == (False, False)
    (request,) = offline_model.requests
    assert (request.method, request.path) == ("GET", "/v1/models")
    assert request.headers["Authorization"] == "Bearer sk-secret"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"id": "gpt-4o", "object": "model", "owned_by": "openai"}, ServerModel("gpt-4o")),
        (
            {"id": "some", "context_length": 131_072, "max_completion_tokens": 131_072},
            ServerModel("some", context_window=131_072),
        ),
        (
            {"id": "meta/llama", "max_model_len": 8192, "root": "meta/llama"},
            ServerModel("meta/llama", context_window=8192),
        ),
        (
            {
                "id": "anthropic/some",
                "name": "Anthropic: Some",
                "context_length": 200000,
                "top_provider": {"max_completion_tokens": 64000},
                "architecture": {"input_modalities": ["text", "image"]},
                "pricing": {
                    "prompt": "0.000003",
                    "completion": "0.000015",
                    "input_cache_read": "0.0000003",
                },
            },
            ServerModel(
                "anthropic/some",
                "Anthropic: Some",
                200_000,
                64_000,
                Prices(Decimal(3), Decimal("0.3"), Decimal(15)),
                reads_images=True,
                reads_files=False,
            ),
        ),
        (
            {
                "id": "azure/gpt",
                "input_cost_per_token": 2e-06,
                "output_cost_per_token": 8e-06,
                "max_input_tokens": 128000,
                "max_output_tokens": 16384,
                "supports_vision": True,
            },
            ServerModel(
                "azure/gpt",
                None,
                128_000,
                16_384,
                Prices(Decimal(2), Decimal(2), Decimal(8)),
                reads_images=True,
            ),
        ),
    ],
)
def test_each_dialect_is_read(entry: dict[str, Any], expected: ServerModel) -> None:
    assert read(entry) == [expected]


@pytest.mark.parametrize(
    "entry",
    [
        {"id": 7},
        {"id": ""},
        {"id": " padded"},
        {"id": "line\nbreak"},
        {"name": "nameless"},
        {"id": "flux", "type": "image"},
        "gpt",
        None,
    ],
)
def test_what_is_no_model_to_chat_with_is_left_out(entry: object) -> None:
    assert read(entry, {"id": "good"}) == [ServerModel("good")]


@pytest.mark.parametrize(
    "fields",
    [
        {"context_length": -1},
        {"context_length": 10**40},
        {"context_length": True},
        {"context_length": [1]},
        {"context_length": float("inf")},
        {"pricing": {"prompt": "-1", "completion": "1"}},
        {"pricing": {"prompt": "1e99", "completion": "1"}},
        {"pricing": {"prompt": "NaN", "completion": "0"}},
        {"pricing": "free"},
        {"info": ["name"]},
        {"name": "two\u202elines"},
        {"architecture": {"input_modalities": "image"}},
    ],
)
def test_what_has_no_sense_is_not_said(fields: dict[str, Any]) -> None:
    assert read({"id": "good", **fields}) == [ServerModel("good")]


def test_each_is_listed_once_and_no_more_than_can_be_looked_at() -> None:
    assert len(read({"id": "a"}, {"id": "a"})) == 1
    assert len(read(*({"id": f"m{n}"} for n in range(MOST_MODELS + 5)))) == MOST_MODELS
    assert len(read({"id": "x" * 5_000})[0].identifier) == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b'{"data": {}}', b"7", b"[" * 100_000, b'{"data": [' + b"9" * 5_000],
)
def test_what_is_no_list_is_an_error(body: bytes) -> None:
    with pytest.raises(MalformedReplyError):
        read_model_list(body)


def test_a_body_that_reports_an_error_raises_it() -> None:
    with pytest.raises(ModelError):
        read_model_list(b'{"error": {"message": "No.", "type": "server_error"}}')


@pytest.mark.parametrize(("status", "kind"), [(401, BadKeyError), (404, NotFoundError)])
def test_a_refusal_is_the_error_that_it_is_elsewhere(
    make_client: MakeClient, status: int, kind: type[ModelError]
) -> None:
    answer = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status
    with LoopbackServer(answering(answer)) as server:
        with pytest.raises(kind):
            make_client(server.base_url).list_models()
        assert server.connections == 1


def test_nobody_there_is_an_error(make_client: MakeClient) -> None:
    with pytest.raises(ConnectionFailedError):
        make_client("http://127.0.0.1:9/v1").list_models()


def test_a_list_without_end_is_cut_off(make_client: MakeClient) -> None:
    with (
        LoopbackServer(answering(HEAD, *[b" " * 65_536] * 100)) as server,
        pytest.raises(MalformedReplyError),
    ):
        make_client(server.base_url).list_models()


def test_a_server_that_says_nothing_is_not_waited_for(make_client: MakeClient) -> None:
    with LoopbackServer(silent) as server, pytest.raises(CallTimeoutError):
        make_client(server.base_url).list_models(timeouts=Timeouts(first_byte=0.2, whole=0.3))


def test_it_can_be_cancelled(make_client: MakeClient) -> None:
    cancellation, asked = Cancellation(), threading.Event()

    def handle(sock: Any) -> None:
        read_request(sock)
        asked.set()
        silent(sock)

    def cancel() -> None:
        asked.wait(5)
        cancellation.cancel()

    with LoopbackServer(handle) as server:
        threading.Thread(target=cancel).start()
        with pytest.raises(CallCancelledError):
            make_client(server.base_url).list_models(cancellation=cancellation)

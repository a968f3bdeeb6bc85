"""A streamed reply: its text, its end, its usage."""

import gzip
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.model_api import ModelClient
from conversations.model_api.deltas import join_deltas
from conversations.offline_model import Fault, Gate, OfflineModel
from tests.model_api.asking import HELLO, MakeClient, ask, collect
from tests.model_api.servers import STREAM_HEAD, LoopbackServer, answering, chunked, text_event


def test_it_works(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(text="Good evening."))
    with ask(client) as reply:
        text = join_deltas(list(reply)).text

    assert text == "Good evening."
    assert reply.finish_reason == "stop"
    assert reply.model == "gpt-test"
    assert reply.usage is not None
    assert reply.usage.completion_tokens > 0
    assert isinstance(reply.usage.cost_usd, Decimal)


def test_only_the_documented_request_is_sent(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    collect(ask(client, model="other", parameters={"temperature": 0.2}))

    request = offline_model.requests[0]
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == "Bearer sk-secret"
    assert request.headers["X-Client-Request-Id"] == "reply-1"
    assert request.headers["Accept-Encoding"] == "identity"
    assert request.body == {
        "model": "other",
        "messages": HELLO,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.2,
    }


def test_nothing_is_sent_before_the_first_piece_is_asked_for(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    with ask(client):
        pass

    assert offline_model.requests == []


@pytest.mark.parametrize("request_id", ["", "x" * 129, "a b", "a\n", "é"])
def test_a_request_id_must_fit_the_header(client: ModelClient, request_id: str) -> None:
    with pytest.raises(ValueError, match="request id"):
        ask(client, request_id=request_id)


@pytest.mark.parametrize("name", ["model", "messages", "stream", "stream_options"])
def test_parameters_cannot_replace_the_request_itself(client: ModelClient, name: str) -> None:
    with pytest.raises(ValueError, match="not parameters"):
        ask(client, parameters={name: None})


def test_text_of_any_language_arrives_as_it_was_typed(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    collect(client.stream([{"role": "user", "content": "Grüße, 世界 \ud83d"}], request_id="r"))

    assert offline_model.requests[0].body["messages"][0]["content"] == "Grüße, 世界 ?"


def test_the_first_token_comes_at_once(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    """Also after a first event without text, which servers like to send ahead."""
    offline_model.script(Fault(rate=10, tokens=2))
    with ask(make_client(offline_model.base_url, pace=lambda: 30)) as reply:
        started = time.monotonic()
        assert next(reply)
        assert time.monotonic() - started < 5


def test_tokens_that_arrive_together_are_one_piece(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    gate = Gate()
    gate.release(1)
    offline_model.script(Fault(gate=gate, tokens=40))
    with ask(make_client(offline_model.base_url, pace=lambda: 0.3)) as reply:
        pieces = [next(reply)]
        gate.open()
        pieces.extend(reply)

    assert len(pieces) == 2


def test_a_long_reply_that_is_there_already_is_not_slowed_down(make_client: MakeClient) -> None:
    body = chunked(*[text_event("word ")] * 20_000, text_event("", "stop"))
    head = STREAM_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    with LoopbackServer(answering(head + body)) as server:
        started = time.monotonic()
        text, error = collect(ask(make_client(server.base_url, pace=lambda: 0.05)))

    assert (len(text), error) == (100_000, None)
    assert time.monotonic() - started < 8


DIALECTS = [
    {"newline": "\r\n"},
    {"newline": "\r"},
    {"comments": True},
    {"bom": True},
    {"done": False},
    {"usage": False},
    {"json_body": True},
    {"parts": True},
    {"parts": True, "json_body": True},
    {"index": 1},
    {"reasoning": "Hm."},
    {"finish_reason": "tool_calls"},
    {"chunk_sizes": (1,)},
    {"chunk_sizes": (1, 2, 3, 5, 700), "newline": "\r\n", "bom": True, "comments": True},
]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_understood(
    client: ModelClient, offline_model: OfflineModel, dialect: dict[str, Any]
) -> None:
    offline_model.script(Fault(text="Grüße — 😀 **fett**.", **dialect))

    assert collect(ask(client)) == ("Grüße — 😀 **fett**.", None)


def test_a_server_that_says_nothing_of_usage_leaves_it_unknown(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(usage=False))
    reply = ask(client)
    collect(reply)

    assert reply.usage is None


def test_a_refusal_is_text(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(refusal="I can’t help with that."))
    reply = ask(client)

    assert collect(reply) == ("I can’t help with that.", None)


def test_a_line_that_breaks_after_the_end_of_the_reply_is_no_error(
    make_client: MakeClient,
) -> None:
    head = STREAM_HEAD + b"Content-Length: 9999\r\n\r\n"
    with LoopbackServer(answering(head + text_event("Hello", "stop"))) as server:
        assert collect(ask(make_client(server.base_url))) == ("Hello", None)


def test_a_stream_without_http_chunks_or_length_is_read_to_its_end(
    make_client: MakeClient,
) -> None:
    handler = answering(STREAM_HEAD + b"\r\n", text_event("Hel"), text_event("lo", "stop"))
    with LoopbackServer(handler) as server:
        assert collect(ask(make_client(server.base_url))) == ("Hello", None)


def test_a_compressed_stream_is_read_all_the_same(make_client: MakeClient) -> None:
    body = gzip.compress(text_event("Hel") + text_event("lo", "stop"))
    head = STREAM_HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    parts = [body[at : at + 7] for at in range(0, len(body), 7)]
    with LoopbackServer(answering(head + chunked(*parts))) as server:
        assert collect(ask(make_client(server.base_url))) == ("Hello", None)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(1, 60), min_size=1, max_size=8), newline=st.sampled_from("\n\r"))
def test_http_chunks_cut_anywhere_read_the_same(
    client: ModelClient, offline_model: OfflineModel, sizes: list[int], newline: str
) -> None:
    offline_model.script(Fault(text="Grüße — 😀.", chunk_sizes=tuple(sizes), newline=newline))

    assert collect(ask(client)) == ("Grüße — 😀.", None)

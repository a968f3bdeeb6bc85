"""The four limits of a call."""

import socket
import time

import pytest

from conversations.model_api import CallTimeoutError, Delta, Timeouts
from conversations.offline_model import Fault, OfflineModel
from conversations.offline_model.faults import Filler
from tests.model_api.asking import HELLO, MakeClient, ask, collect, collect_words
from tests.model_api.servers import (
    STREAM_HEAD,
    LoopbackServer,
    full_listener,
    read_request,
    silent,
    text_event,
)


def test_it_works_for_the_first_byte(make_client: MakeClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(stall="headers"))
    client = make_client(offline_model.base_url, timeouts=Timeouts(first_byte=0.1))
    _, error = collect(ask(client))

    assert isinstance(error, CallTimeoutError)
    assert error.detail == "waited 0.1 s for the first words"
    assert offline_model.requests[0].disconnected.wait(1)


def test_it_works_for_silence_and_keeps_the_text(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(stall=5))
    client = make_client(offline_model.base_url, timeouts=Timeouts(silence=0.1))
    text, error = collect(ask(client))

    assert text
    assert isinstance(error, CallTimeoutError)
    assert error.detail == "waited 0.1 s for more words"


@pytest.mark.parametrize("filler", ["comments", "bytes", "empty"])
def test_bytes_without_words_are_silence(
    make_client: MakeClient, offline_model: OfflineModel, filler: Filler
) -> None:
    offline_model.script(Fault(stall=5, stall_filler=filler, stall_every=0.01))
    client = make_client(offline_model.base_url, timeouts=Timeouts(silence=0.2))
    text, error = collect(ask(client))

    assert text
    assert isinstance(error, CallTimeoutError)
    assert error.detail == "waited 0.2 s for more words"


@pytest.mark.parametrize("filler", ["comments", "bytes", "empty"])
def test_bytes_are_no_first_words(
    make_client: MakeClient, offline_model: OfflineModel, filler: Filler
) -> None:
    offline_model.script(Fault(stall=0, stall_filler=filler, stall_every=0.01))
    client = make_client(offline_model.base_url, timeouts=Timeouts(first_byte=0.2))
    _, error = collect(ask(client))

    assert isinstance(error, CallTimeoutError)
    assert error.detail == "waited 0.2 s for the first words"


def test_thinking_is_no_silence(make_client: MakeClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(reasoning="One two three four five six.", text="Yes.", rate=20))
    client = make_client(offline_model.base_url, timeouts=Timeouts(first_byte=0.2, silence=0.2))
    words, error = collect_words(ask(client))

    assert (words, error) == (Delta("Yes.", "One two three four five six."), None)


def test_a_reply_that_said_how_it_ended_does_not_wait_for_the_end_of_the_stream(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(text="Hello.", done=False, hold=3600))
    client = make_client(offline_model.base_url, timeouts=Timeouts(linger=0.2))
    reply = ask(client)

    assert collect(reply) == ("Hello.", None)
    assert reply.usage is not None


def test_words_after_the_finish_reason_have_as_long_as_any(make_client: MakeClient) -> None:
    def write(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(STREAM_HEAD + b"\r\n")
        for word in ("one ", "two ", "three"):
            sock.sendall(text_event(word, "stop"))
            # Of the model, between two words.
            time.sleep(0.15)

    with LoopbackServer(write) as server:
        client = make_client(server.base_url, timeouts=Timeouts(linger=0.3))

        assert collect(ask(client)) == ("one two three", None)


def test_it_works_for_connecting(make_client: MakeClient) -> None:
    with full_listener() as base_url:
        client = make_client(base_url, timeouts=Timeouts(connect=0.1))

        assert isinstance(collect(ask(client))[1], CallTimeoutError)


def test_it_works_for_a_tls_handshake(make_client: MakeClient) -> None:
    with LoopbackServer(silent) as server:
        base_url = server.base_url.replace("http:", "https:")
        client = make_client(base_url, timeouts=Timeouts(connect=0.1))

        assert isinstance(collect(ask(client))[1], CallTimeoutError)


def test_the_whole_reply_has_a_limit_in_silence_too(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(stall=5))
    client = make_client(offline_model.base_url, timeouts=Timeouts(whole=0.2))
    started = time.monotonic()
    text, error = collect(ask(client))

    assert text
    assert isinstance(error, CallTimeoutError)
    assert error.detail == "the time for the whole call was up"
    assert time.monotonic() - started < 2


def test_the_whole_reply_has_a_limit_while_it_trickles(make_client: MakeClient) -> None:
    def trickle(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(STREAM_HEAD + b"\r\n")
        while True:
            sock.sendall(text_event("word "))
            # Of the model, too: shorter than any limit but that of the whole call.
            time.sleep(0.01)

    with LoopbackServer(trickle) as server:
        client = make_client(server.base_url, timeouts=Timeouts(whole=0.2))
        text, error = collect(ask(client))

    assert text.startswith("word word ")
    assert isinstance(error, CallTimeoutError)


def test_the_whole_limit_counts_retries(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(status=503, retry_after="20"))
    client = make_client(offline_model.base_url, timeouts=Timeouts(whole=0.1))

    assert isinstance(collect(ask(client))[1], CallTimeoutError)
    assert len(offline_model.requests) == 1


def test_a_non_streamed_call_may_take_as_long_as_the_whole(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(text="Hello.", stall="headers", stall_seconds=0.3))
    client = make_client(offline_model.base_url, timeouts=Timeouts(first_byte=0.1))

    assert client.complete(HELLO).text == "Hello."


def test_a_non_streamed_call_has_a_limit(
    make_client: MakeClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(stall="headers"))
    client = make_client(offline_model.base_url, timeouts=Timeouts(whole=0.1))

    with pytest.raises(CallTimeoutError):
        client.complete(HELLO)


def test_an_explanation_that_never_comes_does_not_hide_the_error(make_client: MakeClient) -> None:
    def refuse(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 99\r\n\r\nwait")
        silent(sock)

    with LoopbackServer(refuse) as server:
        client = make_client(server.base_url, timeouts=Timeouts(silence=0.1))
        _, error = collect(ask(client))

    assert error is not None
    assert error.status == 401

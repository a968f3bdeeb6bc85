"""Stop ends a call in whichever phase it is, and closes its connection."""

import socket
import ssl
import threading

import pytest

from conversations.model_api import CallCancelledError, Cancellation, ModelClient
from conversations.offline_model import Fault, OfflineModel
from tests.model_api.asking import BackgroundReply, MakeClient, ask, collect
from tests.model_api.servers import (
    STREAM_HEAD,
    LoopbackServer,
    attempts_to_connect,
    full_listener,
    read_request,
    silent,
    text_event,
)
from tests.waiting import wait_until

PROMPTLY = 0.5


def test_it_works_in_a_silent_stream(client: ModelClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(stall=5))
    reply = BackgroundReply(client)
    reply.wait_for_text()

    assert reply.cancel() < PROMPTLY
    assert reply.text
    assert offline_model.requests[0].disconnected.wait(PROMPTLY)


def test_it_works_while_waiting_for_headers(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(stall="headers"))
    reply = BackgroundReply(client)
    offline_model.wait_for_request()

    assert reply.cancel() < PROMPTLY
    assert offline_model.requests[0].disconnected.wait(PROMPTLY)


def test_it_works_on_a_reused_connection(client: ModelClient, offline_model: OfflineModel) -> None:
    collect(ask(client))
    offline_model.script(Fault(stall="headers"))
    reply = BackgroundReply(client)
    second = offline_model.wait_for_request(2)

    assert reply.cancel() < PROMPTLY
    assert second.connection_id == offline_model.requests[0].connection_id
    assert second.disconnected.wait(PROMPTLY)


def test_it_works_between_two_reads(make_client: MakeClient, offline_model: OfflineModel) -> None:
    offline_model.script(Fault(stall=5))
    reply = BackgroundReply(make_client(offline_model.base_url, pace=lambda: 60))
    reply.wait_for_text()

    assert reply.cancel() < PROMPTLY
    assert offline_model.requests[0].disconnected.wait(PROMPTLY)


def test_it_works_while_waiting_for_a_retry(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(status=429, retry_after="20"))
    reply = BackgroundReply(client)
    offline_model.wait_for_request().finished.wait(5)

    assert reply.cancel() < PROMPTLY
    assert len(offline_model.requests) == 1


def test_it_works_while_connecting(make_client: MakeClient) -> None:
    with full_listener() as base_url:
        waiting_before = attempts_to_connect(base_url)
        reply = BackgroundReply(make_client(base_url))
        wait_until(lambda: attempts_to_connect(base_url) > waiting_before, "its attempt")

        assert reply.cancel() < PROMPTLY


def test_it_works_in_a_tls_handshake(make_client: MakeClient) -> None:
    greeted = threading.Event()

    def handle(sock: socket.socket) -> None:
        sock.recv(1)
        greeted.set()
        silent(sock)

    with LoopbackServer(handle) as server:
        reply = BackgroundReply(make_client(server.base_url.replace("http:", "https:")))
        assert greeted.wait(5)

        assert reply.cancel() < PROMPTLY


def test_it_works_under_tls(make_client: MakeClient, tls: ssl.SSLContext) -> None:
    left = threading.Event()

    def handle(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(STREAM_HEAD + b"\r\n" + text_event("Hel"))
        silent(sock)
        left.set()

    with LoopbackServer(handle, tls=tls) as server:
        reply = BackgroundReply(make_client(server.base_url))
        reply.wait_for_text()

        assert reply.cancel() < PROMPTLY
        assert left.wait(PROMPTLY)


@pytest.mark.parametrize("earlier_calls", [0, 1])
def test_it_works_while_the_request_is_being_sent(
    make_client: MakeClient, earlier_calls: int
) -> None:
    begun, over = threading.Event(), threading.Event()
    body = text_event("Hello.", "stop")

    def handle(sock: socket.socket) -> None:
        for _ in range(earlier_calls):
            read_request(sock)
            sock.sendall(STREAM_HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        sock.recv(1)
        begun.set()
        over.wait(5)

    with LoopbackServer(handle) as server:
        client = make_client(server.base_url)
        for _ in range(earlier_calls):
            collect(ask(client))
        reply = BackgroundReply(client, [{"role": "user", "content": "x" * 20_000_000}])
        assert begun.wait(5)

        assert reply.cancel() < PROMPTLY
        over.set()


def test_a_call_that_was_cancelled_before_it_began_sends_nothing(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    reply = ask(client, cancellation=cancellation)

    with pytest.raises(CallCancelledError):
        next(reply)
    assert offline_model.requests == []


def test_one_cancellation_stops_all_calls_that_share_it(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(stall=1), Fault(stall=1))
    cancellation = Cancellation()
    replies = [ask(client, cancellation=cancellation) for _ in range(2)]
    for reply in replies:
        next(reply)
    cancellation.cancel()

    for reply, request in zip(replies, offline_model.requests, strict=True):
        assert request.disconnected.wait(PROMPTLY)
        with pytest.raises(CallCancelledError):
            list(reply)


def test_cancelling_again_or_too_late_does_nothing(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    cancellation = Cancellation()
    assert collect(ask(client, cancellation=cancellation))[1] is None
    cancellation.cancel()
    cancellation.cancel()

    assert cancellation.cancelled
    assert collect(ask(client))[1] is None
    first, second = offline_model.requests
    assert first.connection_id == second.connection_id


def test_a_cancelled_connection_is_not_used_again(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(stall=5))
    reply = BackgroundReply(client)
    reply.wait_for_text()
    reply.cancel()

    assert collect(ask(client))[1] is None
    first, second = offline_model.requests
    assert first.connection_id != second.connection_id


def test_leaving_the_block_early_closes_the_connection(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(stall=5))
    with ask(client) as reply:
        next(reply)

    assert offline_model.requests[0].disconnected.wait(PROMPTLY)


def test_a_call_that_the_service_may_be_at_work_on_was_asked(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(stall="headers"))
    reply = BackgroundReply(client)
    offline_model.wait_for_request()
    reply.cancel()
    assert reply.is_billable


@pytest.mark.parametrize("status", [400, 401, 429])
def test_a_call_that_was_refused_was_not_asked(
    client: ModelClient, offline_model: OfflineModel, status: int
) -> None:
    offline_model.script(Fault(status=status, retry_after="600", times=5))
    reply = ask(client)
    collect(reply)
    assert not reply.is_billable


def test_a_call_that_never_connected_was_not_asked(make_client: MakeClient) -> None:
    with full_listener() as base_url:
        waiting_before = attempts_to_connect(base_url)
        reply = BackgroundReply(make_client(base_url))
        wait_until(lambda: attempts_to_connect(base_url) > waiting_before, "its attempt")
        reply.cancel()
    assert not reply.is_billable

"""Connections are pooled, reused when a reply was read to its end, and thrown away otherwise."""

import socket
import ssl
import threading

import pytest

from conversations.model_api import ConnectionFailedError, ModelClient
from conversations.model_api.deltas import join_deltas
from conversations.offline_model import Fault, OfflineModel
from tests.model_api.asking import HELLO, MakeClient, ask, collect
from tests.model_api.servers import (
    STREAM_HEAD,
    LoopbackServer,
    chunked,
    closed_port,
    read_request,
    text_event,
)


def test_it_works(client: ModelClient, offline_model: OfflineModel) -> None:
    """A connection whose reply was read to its end is used again."""
    for _ in range(3):
        collect(ask(client))
    client.complete(HELLO)

    assert len({request.connection_id for request in offline_model.requests}) == 1


def test_a_json_body_gives_its_connection_back_too(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(Fault(json_body=True))
    collect(ask(client))
    collect(ask(client))

    first, second = offline_model.requests
    assert first.connection_id == second.connection_id


@pytest.mark.parametrize("fault", [Fault(cut=3), Fault(malformed=3), Fault(error=3)])
def test_a_connection_whose_reply_failed_is_not(
    client: ModelClient, offline_model: OfflineModel, fault: Fault
) -> None:
    offline_model.script(fault)
    collect(ask(client))
    assert collect(ask(client))[1] is None

    first, second = offline_model.requests
    assert first.connection_id != second.connection_id


def test_a_server_that_dawdles_after_done_holds_nobody_up(make_client: MakeClient) -> None:
    left = threading.Event()

    def handle(sock: socket.socket) -> None:
        read_request(sock)
        body = chunked(text_event("Hello."), b"data: [DONE]\n\n").removesuffix(b"0\r\n\r\n")
        sock.sendall(STREAM_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body)
        while sock.recv(1):
            pass
        left.set()

    with LoopbackServer(handle) as server:
        assert collect(ask(make_client(server.base_url))) == ("Hello.", None)
        assert left.wait(2)


def test_many_streams_at_once_each_have_a_connection(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    offline_model.script(*[Fault(stall=1)] * 30)
    replies = [ask(client) for _ in range(30)]
    for reply in replies:
        next(reply)
    for reply in replies:
        reply.close()

    assert len({request.connection_id for request in offline_model.requests}) == 30


def test_no_cookies_are_kept(make_client: MakeClient) -> None:
    requests = []
    body = text_event("Hello.", "stop")
    head = STREAM_HEAD + b"Set-Cookie: a=b; Path=/\r\nContent-Length: %d\r\n\r\n" % len(body)

    def handle(sock: socket.socket) -> None:
        while request := read_request(sock):
            requests.append(request)
            sock.sendall(head + body)

    with LoopbackServer(handle) as server:
        client = make_client(server.base_url)
        collect(ask(client))
        collect(ask(client))

    assert len(requests) == 2
    assert b"cookie" not in requests[1].lower()


def test_tls_works_and_its_connections_are_used_again(
    make_client: MakeClient, tls: ssl.SSLContext
) -> None:
    def handle(sock: socket.socket) -> None:
        while read_request(sock):
            sock.sendall(STREAM_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
            for part in (text_event("Hel"), text_event("lo.", "stop")):
                sock.sendall(chunked(part).removesuffix(b"0\r\n\r\n"))
            sock.sendall(b"0\r\n\r\n")

    with LoopbackServer(handle, tls=tls) as server:
        client = make_client(server.base_url)
        assert collect(ask(client)) == ("Hello.", None)
        assert collect(ask(client)) == ("Hello.", None)
        assert server.connections == 1


def test_tls_records_that_arrive_together_are_one_piece(
    make_client: MakeClient, tls: ssl.SSLContext
) -> None:
    first_was_read = threading.Event()

    def handle(sock: socket.socket) -> None:
        read_request(sock)
        sock.sendall(STREAM_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        sock.sendall(chunked(text_event("a")).removesuffix(b"0\r\n\r\n"))
        first_was_read.wait(5)
        for _ in range(20):
            sock.sendall(chunked(text_event("b")).removesuffix(b"0\r\n\r\n"))
        sock.sendall(chunked(text_event("c", "stop")))

    with (
        LoopbackServer(handle, tls=tls) as server,
        ask(make_client(server.base_url, pace=lambda: 0.3)) as reply,
    ):
        pieces = [next(reply)]
        first_was_read.set()
        pieces.extend(reply)

    assert join_deltas(pieces).text == "a" + "b" * 20 + "c"
    assert len(pieces) <= 3


def test_a_certificate_that_nobody_vouches_for_is_refused(
    make_client: MakeClient, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with LoopbackServer(lambda sock: None, tls=tls) as server:
        _, error = collect(ask(make_client(server.base_url)))
        assert server.connections == 1

    assert isinstance(error, ConnectionFailedError)
    assert "certificate" in error.detail.lower()


def test_a_host_without_an_address_is_refused_at_once(make_client: MakeClient) -> None:
    _, error = collect(ask(make_client("http://model.invalid/v1")))

    assert isinstance(error, ConnectionFailedError)
    assert not error.momentary


def test_loopback_is_reached_without_the_proxy(
    make_client: MakeClient, offline_model: OfflineModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", closed_port())

    assert collect(ask(make_client(offline_model.base_url)))[1] is None


def test_other_hosts_are_reached_through_the_proxy(
    make_client: MakeClient, offline_model: OfflineModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", offline_model.base_url.removesuffix("/v1"))
    collect(ask(make_client("http://model.invalid/v1")))

    assert offline_model.requests[0].headers["Host"] == "model.invalid"


def test_tls_goes_through_a_tunnel_of_the_proxy(
    make_client: MakeClient, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tunnel(sock: socket.socket) -> None:
        assert sock.recv(65536).startswith(b"CONNECT 127.0.0.2:443 ")
        sock.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        with tls.wrap_socket(sock, server_side=True) as secure:
            read_request(secure)
            secure.sendall(STREAM_HEAD + b"\r\n" + text_event("Hello.", "stop"))

    with LoopbackServer(tunnel) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.base_url.removesuffix("/v1"))
        text, error = collect(ask(make_client("https://127.0.0.2/v1")))

    assert (text, error) == ("Hello.", None)


@pytest.mark.parametrize("base_url", ["", "api.example.com/v1", "ftp://x/v1", "https://u:p@x/v1"])
def test_a_base_url_that_cannot_be_one_is_refused_at_once(base_url: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        ModelClient(base_url=base_url, api_key="k", model="m")

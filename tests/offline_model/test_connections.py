"""HTTP/1.1 on the wire: connections that are kept, lost, shared out and closed."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.offline_model.client import Client, events, text_of

HELLO = b'{"model":"m","messages":[{"role":"user","content":"Hello"}]}'


def connect(model: OfflineModel) -> socket.socket:
    return socket.create_connection((model.host, model.port), timeout=5)


def request_bytes(*extra_headers: str, body: bytes = HELLO) -> bytes:
    headers = ["Host: x", "Authorization: Bearer key", f"Content-Length: {len(body)}"]
    lines = ["POST /v1/chat/completions HTTP/1.1", *headers, *extra_headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_connection_is_kept_for_the_next_request(model: OfflineModel, client: Client) -> None:
    for _ in range(2):
        assert client.stream().content
    assert [request.connection_id for request in model.requests] == [1, 1]


def test_another_connection_has_another_id(model: OfflineModel) -> None:
    for _ in range(2):
        requests.get(f"{model.base_url}/models", timeout=5)
    assert [request.connection_id for request in model.requests] == [1, 2]


def test_a_request_is_recorded_as_it_came_in(model: OfflineModel, client: Client) -> None:
    client.chat("Hello")
    request = model.wait_for_request()
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers.get("authorization") == "Bearer key"
    assert request.body["messages"] == [{"role": "user", "content": "Hello"}]


def test_a_server_for_days_keeps_no_requests() -> None:
    with OfflineModel(record=False) as model:
        requests.get(f"{model.base_url}/models", timeout=5)
        assert model.requests == []


def test_waiting_for_a_request_that_never_comes_times_out(model: OfflineModel) -> None:
    with pytest.raises(TimeoutError, match="Request 1 did not come in"):
        model.wait_for_request(timeout=0.01)


def test_a_request_may_arrive_byte_by_byte(model: OfflineModel) -> None:
    with connect(model) as sock:
        for byte in request_bytes():
            sock.sendall(bytes([byte]))
        assert sock.recv(15) == b"HTTP/1.1 200 OK"


def test_requests_sent_ahead_are_answered_in_order(model: OfflineModel) -> None:
    model.script(Fault(text="first"), Fault(text="second"))
    with connect(model) as sock:
        sock.sendall(request_bytes() + request_bytes("Connection: close"))
        received = b"".join(iter(lambda: sock.recv(65536), b""))
    assert received.index(b'"first"') < received.index(b'"second"')


@pytest.mark.parametrize(
    "wrong",
    [
        b"GET /v1/models HTTP/1.0\r\n\r\n",
        b"nonsense\r\n\r\n",
        request_bytes("Transfer-Encoding: chunked"),
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"x" * 70_000,
    ],
)
def test_what_is_not_understood_gets_a_400_and_is_closed(model: OfflineModel, wrong: bytes) -> None:
    with connect(model) as sock:
        sock.sendall(wrong)
        received = b"".join(iter(lambda: sock.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 400 Bad Request")


@pytest.mark.parametrize("fault", [Fault(stall="headers"), Fault(stall=2), Fault(gate=Gate())])
def test_a_client_that_goes_away_is_noticed_in_silence(model: OfflineModel, fault: Fault) -> None:
    model.script(fault)
    with connect(model) as sock:
        sock.sendall(request_bytes(body=HELLO[:-1] + b',"stream":true}'))
        request = model.wait_for_request()
        assert not request.disconnected.is_set()
    assert request.disconnected.wait(5)
    assert request.finished.wait(5)


def test_a_client_that_does_not_read_is_waited_for(model: OfflineModel) -> None:
    model.script(Fault(tokens=100_000))
    with connect(model) as sock:
        sock.sendall(request_bytes(body=HELLO[:-1] + b',"stream":true}'))
        assert sock.recv(15) == b"HTTP/1.1 200 OK"
        request = model.wait_for_request()
        assert not request.finished.wait(0.2)
        assert 0 < request.tokens_sent < 100_000
    assert request.disconnected.wait(5)


def test_a_client_that_stays_to_the_end_is_not_called_gone(
    model: OfflineModel, client: Client
) -> None:
    assert client.stream().content
    client.close()
    assert model.requests[0].finished.wait(5)
    assert not model.requests[0].disconnected.is_set()


def test_fifty_streams_at_once_all_come_out_right() -> None:
    with OfflineModel(rate=400, tokens=100) as model, ThreadPoolExecutor(50) as pool:
        clients = [Client(model.base_url) for _ in range(50)]
        texts = set(pool.map(lambda client: text_of(events(client.stream())), clients))
        for client in clients:
            client.close()
    assert len(texts) == 1
    assert texts.pop().startswith("Part 1.")


def test_closing_ends_every_reply_at_once(client: Client) -> None:
    with OfflineModel() as model:
        model.script(Fault(stall="headers"), Fault(stall=1))
        socks = [connect(model) for _ in range(2)]
        for number, sock in enumerate(socks, start=1):
            sock.sendall(request_bytes())
            model.wait_for_request(number)
    for sock in socks:
        with sock:
            assert sock.recv(1) == b""


def test_a_taken_port_is_told_when_starting(model: OfflineModel) -> None:
    with pytest.raises(OSError, match="in use"):
        OfflineModel(port=model.port).start()


def test_closing_twice_is_no_error() -> None:
    with OfflineModel() as model:
        model.close()

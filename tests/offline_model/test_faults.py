"""Each fault, as a client meets it."""

import json
import socket
from typing import Any, Literal

import pytest
import requests

from conversations.offline_model import Fault, Gate, OfflineModel
from conversations.offline_model.faults import Filler
from tests.offline_model.client import Client, events, text_of

TOKEN = b'"delta":{"content":'  # in the event of each token, but for the opening


def test_scripted_faults_meet_the_next_requests_in_order(
    model: OfflineModel, client: Client
) -> None:
    model.script(Fault(status=429), Fault(status=503, times=2))
    assert [client.chat().status_code for _ in range(4)] == [429, 503, 503, 200]


def test_a_request_that_is_refused_leaves_the_script_alone(
    model: OfflineModel, client: Client
) -> None:
    model.script(Fault(status=503))
    assert client.chat(model="missing").status_code == 404
    assert client.chat().status_code == 503


def test_an_error_can_carry_retry_after_and_a_message(model: OfflineModel, client: Client) -> None:
    model.script(Fault(status=429, retry_after="7", message="Slow down."))
    response = client.chat()
    assert response.headers["Retry-After"] == "7"
    assert response.json()["message"] == "Slow down."


@pytest.mark.parametrize(
    ("envelope", "content_type", "excerpt"),
    [
        ("plain", "application/json; charset=utf-8", '"statusCode":502'),
        ("problem", "application/problem+json; charset=utf-8", '"title":"Bad Gateway"'),
        ("openai", "application/json", '"error":{"message":"Bad gateway."'),
        ("html", "text/html", "<h1>502 Bad Gateway</h1>"),
    ],
)
def test_an_error_comes_in_the_envelope_asked_for(
    model: OfflineModel, client: Client, envelope: Any, content_type: str, excerpt: str
) -> None:
    model.script(Fault(status=502, envelope=envelope))
    response = client.chat()
    assert response.status_code == 502
    assert response.headers["Content-Type"] == content_type
    assert excerpt in response.text


@pytest.mark.parametrize("position", ["headers", 0, 3])
def test_a_stalled_reply_is_silent_until_the_server_closes(
    position: Literal["headers"] | int,
) -> None:
    with OfflineModel(tokens=9) as model, raw_stream(model, Fault(stall=position)) as sock:
        request = model.wait_for_request()
        if position != "headers":
            receive_until(sock, b'"role":"assistant"', b"\n\n\r\n", tokens=position)
        sock.settimeout(0.05)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        assert not request.finished.is_set()
    assert request.finished.is_set()


@pytest.mark.parametrize("position", ["headers", 0, 3])
def test_a_stall_with_an_end_goes_on_after_it(
    model: OfflineModel, client: Client, position: Literal["headers"] | int
) -> None:
    model.script(Fault(stall=position, stall_seconds=0.01, text="one two three four"))
    assert text_of(events(client.stream())) == "one two three four"


def test_a_cut_stream_ends_without_a_terminating_chunk(model: OfflineModel) -> None:
    with raw_stream(model, Fault(cut=2, text="one two three")) as sock:
        received = receive_all(sock)
    assert received.count(TOKEN) == 2
    assert not received.endswith(b"0\r\n\r\n")


def test_a_cut_beyond_the_end_of_the_reply_still_happens(model: OfflineModel) -> None:
    with raw_stream(model, Fault(cut=100, text="one two three")) as sock:
        received = receive_all(sock)
    assert received.count(TOKEN) == 3
    assert b"[DONE]" not in received


def test_a_cut_before_the_headers_is_a_reset(model: OfflineModel) -> None:
    with raw_stream(model, Fault(cut="headers")) as sock, pytest.raises(ConnectionResetError):
        sock.recv(1)


def test_a_malformed_frame_comes_amid_good_ones(model: OfflineModel, client: Client) -> None:
    model.script(Fault(malformed=1, text="one two"))
    frames = client.stream().text.split("\n\n")
    with pytest.raises(json.JSONDecodeError):
        json.loads(frames[2].removeprefix("data: "))
    assert '" two"' in frames[3]


def test_an_error_in_mid_stream_ends_it(model: OfflineModel, client: Client) -> None:
    model.script(Fault(error=1, text="one two", message="Overloaded."))
    received = events(client.stream())
    assert received[-1]["error"]["message"] == "Overloaded."
    assert len(received) == 3


def test_a_raw_body_is_sent_as_it_is(model: OfflineModel, client: Client) -> None:
    model.script(Fault(raw=b"\xff<html>", content_type="text/html"))
    response = client.stream()
    assert response.content == b"\xff<html>"
    assert response.headers["Content-Type"] == "text/html"


def test_a_json_body_can_come_where_a_stream_was_asked_for(
    model: OfflineModel, client: Client
) -> None:
    model.script(Fault(json_body=True, text="Hello"))
    assert client.stream().json()["choices"][0]["message"]["content"] == "Hello"


def test_the_byte_stream_is_cut_at_odd_sizes(model: OfflineModel, client: Client) -> None:
    model.script(Fault(chunk_sizes=(1, 3, 7), text="naïve 🙂"))
    chunks = list(client.stream().raw.read_chunked())
    assert [len(chunk) for chunk in chunks[:6]] == [1, 3, 7, 1, 3, 7]
    assert '"naïve"' in b"".join(chunks).decode()


def test_a_small_chunk_size_cuts_characters_in_two(model: OfflineModel, client: Client) -> None:
    model.script(Fault(chunk_sizes=(3,), text="🙂"))
    chunks = list(client.stream().raw.read_chunked())
    with pytest.raises(UnicodeDecodeError):
        [chunk.decode() for chunk in chunks]


def test_an_empty_piece_is_no_chunk_size() -> None:
    with pytest.raises(ValueError, match="at least one byte"):
        Fault(chunk_sizes=(1, 0))


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_lines_end_as_asked(model: OfflineModel, client: Client, newline: str) -> None:
    model.script(Fault(newline=newline))
    assert client.stream().content.endswith(f"data: [DONE]{newline * 2}".encode())


def test_comments_and_a_byte_order_mark_can_be_put_in(model: OfflineModel, client: Client) -> None:
    model.script(Fault(comments=True, bom=True))
    content = client.stream().content
    assert content.startswith(b"\xef\xbb\xbf: keep-alive\n\ndata: ")


def test_the_end_mark_and_the_usage_can_be_left_out(model: OfflineModel, client: Client) -> None:
    model.script(Fault(done=False, usage=False))
    response = client.stream(stream_options={"include_usage": True})
    assert b"[DONE]" not in response.content
    assert b"usage" not in response.content


def test_the_finish_reason_can_be_chosen(model: OfflineModel, client: Client) -> None:
    model.script(Fault(finish_reason="content_filter"))
    assert events(client.stream())[-1]["choices"][0]["finish_reason"] == "content_filter"


@pytest.mark.parametrize("streamed", [True, False])
def test_a_refusal_comes_in_its_own_field(
    model: OfflineModel, client: Client, streamed: bool
) -> None:
    model.script(Fault(refusal="No."))
    response = client.chat(stream=streamed)
    said = (
        "".join(event["choices"][0]["delta"].get("refusal") or "" for event in events(response))
        if streamed
        else response.json()["choices"][0]["message"]["refusal"]
    )
    assert said == "No."


def test_tokens_wait_at_a_gate(model: OfflineModel) -> None:
    gate = Gate()
    with raw_stream(model, Fault(gate=gate, text="one two three four")) as sock:
        gate.release(2)
        receive_until(sock, tokens=2)
        assert model.requests[0].tokens_sent == 2
        gate.open()
        assert receive_until(sock, b"[DONE]").count(TOKEN) == 2


def test_a_whole_reply_waits_at_a_gate_too(model: OfflineModel, client: Client) -> None:
    gate = Gate()
    gate.release(3)
    model.script(Fault(gate=gate, text="one two three"))
    assert client.chat().json()["choices"][0]["message"]["content"] == "one two three"


def test_a_whole_reply_can_be_broken_too(model: OfflineModel, client: Client) -> None:
    model.script(Fault(malformed=0), Fault(error=0), Fault(cut=0))
    with pytest.raises(requests.JSONDecodeError):
        client.chat().json()
    assert "error" in client.chat().json()
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.chat().json()


def raw_stream(model: OfflineModel, fault: Fault) -> socket.socket:
    """A socket on which one stream that meets this fault has been asked for."""
    model.script(fault)
    body = b'{"model":"m","stream":true,"messages":[{"role":"user","content":"Hello"}]}'
    head = f"Host: x\r\nAuthorization: Bearer key\r\nContent-Length: {len(body)}"
    sock = socket.create_connection((model.host, model.port), timeout=5)
    sock.sendall(b"POST /v1/chat/completions HTTP/1.1\r\n%b\r\n\r\n%b" % (head.encode(), body))
    return sock


def receive_until(sock: socket.socket, *marks: bytes, tokens: int = 0) -> bytes:
    received = b""
    while received.count(TOKEN) < tokens or not all(mark in received for mark in marks):
        received += sock.recv(65536)
    return received


def receive_all(sock: socket.socket) -> bytes:
    received = b""
    while data := sock.recv(65536):
        received += data
    return received


def test_thinking_comes_in_its_own_field_before_the_text(
    model: OfflineModel, client: Client
) -> None:
    model.script(Fault(reasoning="Let me see.", reasoning_field="reasoning", text="Yes."))
    deltas = [event["choices"][0]["delta"] for event in events(client.stream())]
    assert "".join(delta.get("reasoning", "") for delta in deltas) == "Let me see."
    first_word = next(index for index, delta in enumerate(deltas) if delta.get("content"))
    assert not any("reasoning" in delta for delta in deltas[first_word:])


def test_text_can_come_as_parts_of_a_choice_with_any_index(
    model: OfflineModel, client: Client
) -> None:
    model.script(Fault(text="Yes", parts=True, index=3))
    choices = [event["choices"][0] for event in events(client.stream())]
    assert {choice["index"] for choice in choices} == {3}
    assert {"content": [{"type": "text", "text": "Yes"}]} in [each["delta"] for each in choices]


@pytest.mark.parametrize(
    ("filler", "excerpt"),
    [("comments", b": keep-alive\n\n: keep-alive"), ("bytes", b"dddd"), ("empty", b'"content":""')],
)
def test_a_stall_can_be_filled_with_bytes_that_say_nothing(
    model: OfflineModel, client: Client, filler: Filler, excerpt: bytes
) -> None:
    model.script(Fault(stall=0, stall_seconds=0.1, stall_filler=filler, stall_every=0.001))
    assert excerpt in client.stream().content


def test_the_line_can_stay_open_after_all_is_said(model: OfflineModel, client: Client) -> None:
    model.script(Fault(text="Yes.", done=False, hold=0.2))
    assert b'"finish_reason":"stop"' in client.stream().content

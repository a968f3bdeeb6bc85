"""What goes over the wire of a request with pictures and files: JSON, and base64 by the piece."""

import base64
import io
import json
import socket
import threading
import tracemalloc
from typing import IO, override

import pytest

from conversations.model_api import (
    Blob,
    CallTimeoutError,
    ChatMessage,
    FilePart,
    ImagePart,
    ModelClient,
    TextPart,
    Timeouts,
    UnreadableFileError,
)
from conversations.model_api.request_body import BodyReader, encode_request
from conversations.offline_model import Fault, OfflineModel
from tests.attachments.factories import PDF
from tests.model_api.asking import BackgroundReply, MakeClient, ask, collect
from tests.model_api.servers import LoopbackServer, answering, read_request, text_event
from tests.pictures import make_png

PNG = make_png(64, 48)
DONE = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + text_event("Yes.", "stop")


class Source:
    """Bytes that tell how often they were opened, and whether all of that was closed."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.opened: list[IO[bytes]] = []

    def open(self) -> IO[bytes]:
        self.opened.append(io.BytesIO(self.content))
        return self.opened[-1]

    @property
    def blob(self) -> Blob:
        return Blob(len(self.content), self.open)


def image(source: Source) -> ImagePart:
    return ImagePart(blob=source.blob, media_type="image/png", key="cat")


def message(*parts: TextPart | ImagePart | FilePart) -> list[ChatMessage]:
    return [{"role": "user", "content": list(parts)}]


def test_it_works(make_client: MakeClient) -> None:
    received: list[bytes] = []

    def handle(sock: socket.socket) -> None:
        received.append(read_request(sock))
        sock.sendall(DONE)

    pdf = FilePart(name="r.pdf", blob=Source(PDF).blob, media_type="application/pdf")
    sent = message(image(Source(PNG)), pdf, TextPart("What’s this?"))
    with LoopbackServer(handle) as server:
        stream = make_client(server.base_url).stream(sent, request_id="reply-1")
        assert collect(stream) == ("Yes.", None)

    head, _, body = received[0].partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head.lower()
    picture, file = (base64.b64encode(content).decode() for content in (PNG, PDF))
    assert body.decode() == (
        '{"model": "gpt-test", "messages": [{"role": "user", "content": ['
        '{"type": "image_url", "image_url": {"url": "data:image/png;base64,'
        f'{picture}", "detail": "auto"}}}}, '
        '{"type": "file", "file": {"filename": "r.pdf", '
        f'"file_data": "data:application/pdf;base64,{file}"}}}}, '
        '{"type": "text", "text": "What’s this?"}]}], '
        '"stream": true, "stream_options": {"include_usage": true}}'
    )


@pytest.mark.parametrize("size", [0, 1, 2, 3, 24 * 1024, 24 * 1024 + 1, 100_000])
def test_pieces_are_the_base64_of_the_whole(make_client: MakeClient, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    received: list[bytes] = []

    def handle(sock: socket.socket) -> None:
        received.append(read_request(sock))
        sock.sendall(DONE)

    with LoopbackServer(handle) as server:
        sent = message(image(Source(content[:size])))
        collect(make_client(server.base_url).stream(sent, request_id="reply-1"))

    body = json.loads(received[0].partition(b"\r\n\r\n")[2])
    url = body["messages"][0]["content"][0]["image_url"]["url"]
    assert base64.b64decode(url.partition(",")[2]) == content[:size]


def test_another_attempt_reads_the_file_again(
    client: ModelClient, offline_model: OfflineModel
) -> None:
    source = Source(PNG)
    offline_model.script(Fault(status=503), Fault(text="Yes."))
    sent = message(image(source), TextPart("Hello"))
    assert collect(client.stream(sent, request_id="reply-1")) == ("Yes.", None)
    assert len(source.opened) == 2
    assert all(file.closed for file in source.opened)
    first, second = offline_model.requests
    assert first.body == second.body


@pytest.mark.parametrize("missing", [1, len(PNG)])
def test_a_file_that_is_shorter_than_it_said_is_an_error(client: ModelClient, missing: int) -> None:
    blob = Blob(len(PNG), lambda: io.BytesIO(PNG[:-missing]))
    sent = message(ImagePart(blob=blob, media_type="image/png", key="cat"))
    _, error = collect(client.stream(sent, request_id="reply-1"))
    assert isinstance(error, UnreadableFileError)
    assert error.key == "cat"


def test_a_file_that_is_gone_is_an_error_and_the_next_call_works(client: ModelClient) -> None:
    def fail() -> IO[bytes]:
        raise FileNotFoundError("nothing there")

    sent = message(ImagePart(blob=Blob(10, fail), media_type="image/png"))
    stream = client.stream(sent, request_id="reply-1")
    assert isinstance(collect(stream)[1], UnreadableFileError)
    assert not stream.is_billable
    assert collect(ask(client))[1] is None


def test_a_refusal_before_the_end_of_the_body_is_read(make_client: MakeClient) -> None:
    def refuse(sock: socket.socket) -> None:
        sock.recv(1000)
        sock.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65536):
            pass

    with LoopbackServer(refuse) as server:
        sent = message(image(Source(bytes(1_000_000))))
        _, error = collect(make_client(server.base_url).stream(sent, request_id="reply-1"))
    assert error
    assert error.status == 413


def test_sending_is_cancelled_at_once(make_client: MakeClient) -> None:
    begun, over = threading.Event(), threading.Event()

    def dawdle(sock: socket.socket) -> None:
        sock.recv(1000)
        begun.set()
        over.wait(5)

    with LoopbackServer(dawdle) as server:
        reply = BackgroundReply(
            make_client(server.base_url), message(image(Source(bytes(50_000_000))))
        )
        assert begun.wait(5)
        assert reply.cancel() < 0.5
        over.set()
    assert reply.is_billable is False


def test_sending_ends_with_the_time_of_the_whole_call(make_client: MakeClient) -> None:
    def dribble(sock: socket.socket) -> None:
        while sock.recv(65536):
            over.wait(0.01)

    over = threading.Event()
    timeouts = Timeouts(whole=0.3)
    with LoopbackServer(dribble) as server:
        client = make_client(server.base_url, timeouts=timeouts)
        sent = message(image(Source(bytes(80_000_000))))
        _, error = collect(client.stream(sent, request_id="reply-1"))
        over.set()
    assert isinstance(error, CallTimeoutError)


def test_a_large_file_takes_little_memory() -> None:
    class Zeros(io.BytesIO):
        @override
        def read(self, size: int | None = -1, /) -> bytes:
            return bytes(size or 0)

    blob = Blob(20_000_000, Zeros)
    sent = message(*[ImagePart(blob=blob, media_type="image/png")] * 5)
    tracemalloc.start()
    try:
        body = encode_request({"model": "m", "messages": sent}).open(lambda: None)
        assert isinstance(body, BodyReader)
        assert sum(map(len, body)) == len(body) > 133_000_000
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_text_alone_is_sent_as_before(make_client: MakeClient) -> None:
    with LoopbackServer(answering(DONE)) as server:
        assert collect(ask(make_client(server.base_url))) == ("Yes.", None)

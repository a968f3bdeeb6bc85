"""Just enough of an HTTP/1.1 server: one TCP connection, its requests one after the other.

Written against `asyncio.Protocol` because a lost connection is an event there, not something that
is found out by the next write: a client that goes away is noticed while the reply is silent.
"""

import asyncio
import io
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPMessage, parse_headers
from typing import Any, override

MAX_HEAD = 64 * 1024
MAX_BODY = 64 * 1024 * 1024


@dataclass(eq=False)
class ReceivedRequest:
    """One request as it came in, and what became of it. The events may be waited for in any thread.

    `disconnected`: the connection was lost before its reply was over. `finished`: this server is
    done with the request, however it ended. `tokens_sent` counts what was given to the socket.
    """

    method: str
    path: str
    headers: HTTPMessage  # `get` and `[]` ignore case
    body: dict[str, Any]  # {} unless a JSON object was sent
    content: bytes  # the body as it came
    connection_id: int  # the same for all requests on one TCP connection
    disconnected: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)
    tokens_sent: int = 0


class Exchange:
    """A request and the way to answer it: `respond`, or `begin`, `write`…, `end`."""

    def __init__(
        self, request: ReceivedRequest, transport: asyncio.Transport, writable: asyncio.Event
    ) -> None:
        self.request = request
        self._transport = transport
        self._writable = writable

    def respond(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        head = _format_head(status, {**headers, "Content-Length": str(len(body))})
        self._transport.write(head + body)

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        self._transport.write(_format_head(status, {**headers, "Transfer-Encoding": "chunked"}))

    def write(self, *pieces: bytes) -> None:
        """Send each piece as an HTTP chunk of its own."""
        for piece in pieces:
            self._transport.write(b"%x\r\n%b\r\n" % (len(piece), piece))

    def end(self) -> None:
        self._transport.write(b"0\r\n\r\n")

    async def wait_until_writable(self) -> None:
        """Wait while the client reads too slowly."""
        await self._writable.wait()

    def close(self) -> None:
        """Close the connection; what was written before still arrives."""
        self._transport.close()

    def reset(self) -> None:
        """Close the connection with a TCP reset."""
        linger_for_no_time = struct.pack("ii", 1, 0)
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_no_time)
        self._transport.abort()


type AnswerRequest = Callable[[Exchange], Awaitable[None]]


class ClientConnection(asyncio.Protocol):
    """Has each request answered by a task, which is cancelled when the client goes away."""

    _transport: asyncio.Transport

    def __init__(
        self, connection_id: int, answer: AnswerRequest, open_ones: set["ClientConnection"]
    ) -> None:
        # From now on: one that is accepted but not made yet must be closed at the end, too.
        open_ones.add(self)
        self._aborted = False
        self._id = connection_id
        self._answer = answer
        self._open_ones = open_ones
        self._received = bytearray()
        self._reply: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    def abort(self) -> None:
        self._aborted = True
        if hasattr(self, "_transport"):
            self._transport.abort()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 — TCP only; asyncio sets NODELAY
        self._transport = transport
        if self._aborted:
            transport.abort()

    @override
    def data_received(self, data: bytes) -> None:
        self._received += data
        self._answer_next()

    @override
    def eof_received(self) -> None:
        # A client that closed is gone; not to wait until what it will never read has been sent.
        self._transport.abort()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._open_ones.discard(self)
        if self._reply:
            self._reply.cancel()

    @override
    def pause_writing(self) -> None:
        self._writable.clear()

    @override
    def resume_writing(self) -> None:
        self._writable.set()

    def _answer_next(self) -> None:
        if self._reply or self._transport.is_closing():
            return
        try:
            request = _take_request(self._received, self._id)
        except ValueError as error:
            self._refuse(str(error))
        else:
            if request:
                self._reply = asyncio.create_task(self._serve(request))

    async def _serve(self, request: ReceivedRequest) -> None:
        try:
            await self._answer(Exchange(request, self._transport, self._writable))
        except asyncio.CancelledError:
            request.disconnected.set()
        except Exception:
            self._transport.abort()
            raise
        finally:
            request.finished.set()
            self._reply = None
        if request.headers.get("Connection", "").lower() == "close":
            self._transport.close()
        self._answer_next()

    def _refuse(self, reason: str) -> None:
        headers = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        body = reason.encode()
        self._transport.write(
            _format_head(400, {**headers, "Content-Length": str(len(body))}) + body
        )
        self._transport.close()


def _take_request(received: bytearray, connection_id: int) -> ReceivedRequest | None:
    """Take the next whole request off the front of what was received; None until it is whole.

    Raises ValueError with a sentence for the client when it never will be.
    """
    end_of_head = received.find(b"\r\n\r\n", 0, MAX_HEAD)
    if end_of_head < 0:
        if len(received) >= MAX_HEAD:
            raise ValueError("The request's headers are too long.")
        return None
    head = io.BytesIO(received[: end_of_head + 4])
    method, path = _parse_request_line(head.readline().decode("latin-1"))
    headers = parse_headers(head)
    size = _read_body_size(headers)
    start, end = end_of_head + 4, end_of_head + 4 + size
    if len(received) < end:
        return None
    body = bytes(received[start:end])
    del received[:end]
    return ReceivedRequest(method, path, headers, _parse_json_object(body), body, connection_id)


def _parse_request_line(line: str) -> tuple[str, str]:
    match line.split():
        case [method, path, "HTTP/1.1"]:
            return method, path
    raise ValueError("This server speaks HTTP/1.1 only.")


def _read_body_size(headers: HTTPMessage) -> int:
    if "Transfer-Encoding" in headers:
        raise ValueError("Send a Content-Length: chunked requests are not read here.")
    size = headers.get("Content-Length", "0")
    if not (size.isascii() and size.isdecimal()) or int(size) > MAX_BODY:
        raise ValueError("The Content-Length is not a number, or too large.")
    return int(size)


def _parse_json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _format_head(status: int, headers: Mapping[str, str]) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Status"
    lines = [
        f"HTTP/1.1 {status} {phrase}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

"""Servers on loopback for what the offline model is too well-mannered to do, byte by byte."""

import contextlib
import datetime
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

type Handler = Callable[[socket.socket], None]

STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


class LoopbackServer:
    """Gives its first connection to the first handler, and so on; the last one has all further."""

    def __init__(self, *handlers: Handler, tls: ssl.SSLContext | None = None) -> None:
        self.connections = 0
        self._handlers = handlers
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def base_url(self) -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}/v1"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for sock in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                handler = self._handlers[min(self.connections, len(self._handlers) - 1)]
                self.connections += 1
                self._open.append(sock)
                thread = threading.Thread(target=self._serve, args=(handler, sock), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, handler: Handler, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError):
            if self._tls is None:
                handler(sock)
                return
            with self._tls.wrap_socket(sock, server_side=True) as secure:
                self._open.append(secure)
                handler(secure)


def read_request(sock: socket.socket) -> bytes:
    """One request’s head and body; b"" when the client has gone."""
    received = b""
    while b"\r\n\r\n" not in received:
        if not (data := sock.recv(65536)):
            return b""
        received += data
    head, _, body = received.partition(b"\r\n\r\n")
    size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
    while len(body) < size:
        body += sock.recv(65536)
    return head + b"\r\n\r\n" + body


def answering(*parts: bytes) -> Handler:
    """Reads a request, sends these bytes a write each, closes the connection."""

    def handle(sock: socket.socket) -> None:
        read_request(sock)
        for part in parts:
            sock.sendall(part)

    return handle


def resetting(sock: socket.socket) -> None:
    """Reads a request and answers with a TCP reset."""
    read_request(sock)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def silent(sock: socket.socket) -> None:
    """Says nothing for as long as the client stays."""
    while sock.recv(65536):
        pass


def event(chunk: dict[str, Any] | str) -> bytes:
    data = chunk if isinstance(chunk, str) else json.dumps(chunk)
    return f"data: {data}\n\n".encode()


def text_event(text: str, finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish_reason}
    return event({"choices": [choice]})


def chunked(*parts: bytes) -> bytes:
    """These parts as HTTP chunks, and the chunk that ends the body."""
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))


@contextlib.contextmanager
def full_listener() -> Iterator[str]:
    """The base URL of a port where connecting neither succeeds nor fails."""
    with contextlib.ExitStack() as sockets:
        listener = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            client = sockets.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def attempts_to_connect(base_url: str) -> int:
    """How many connections to that port have had no answer yet (Linux only)."""
    table = Path("/proc/net/tcp")
    if not table.exists():
        pytest.skip("Only on Linux can connections in the making be seen")
    remote = f":{int(base_url.rpartition(':')[2].split('/')[0]):04X}"
    rows = [line.split() for line in table.read_text().splitlines()[1:]]
    return sum(row[2].endswith(remote) and row[3] == "02" for row in rows)


def closed_port() -> str:
    """The base URL of a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def write_certificate(folder: Path) -> Path:
    """A self-signed certificate for 127.0.0.1 and 127.0.0.2 with its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.datetime.now(datetime.UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address(f"127.0.0.{n}")) for n in (1, 2)]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(addresses), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "loopback.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path

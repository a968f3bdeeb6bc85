"""HTTP as no browser speaks it: a body that stops half-way, headers that never end."""

import socket
from dataclasses import dataclass
from typing import Self

# Seconds: what comes at all comes within these, however busy the machine is.
TIMEOUT = 60.0

PATH = "/accounts/login/"


@dataclass(frozen=True)
class Answer:
    """All that came back until the server closed the connection."""

    text: str

    @property
    def status(self) -> int | None:
        """None where nothing came back."""
        return int(self.text.split()[1]) if self.text else None

    def has_header(self, line: str) -> bool:
        return line.lower() in self.text.partition("\r\n\r\n")[0].lower().split("\r\n")


class Line:
    """A connection to the site, open until `close` or the end of the with-block."""

    def __init__(self, port: int, sent: bytes = b"") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self.send(sent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_until_refused(self, data: bytes, times: int) -> None:
        for _ in range(times):
            try:
                self.send(data)
            except OSError:
                return
        raise AssertionError("all of it was taken")

    def send_until_closed(self, data: bytes, every: float) -> None:
        """Keeps sending for as long as the server listens; nothing may come back."""
        self.socket.settimeout(every)
        while True:
            self.send(data)
            try:
                assert self.socket.recv(1) == b""
            except TimeoutError:
                continue
            except ConnectionResetError:
                pass
            return

    def read_until(self, data: bytes) -> None:
        received = b""
        while data not in received:
            part = self.socket.recv(65536)
            assert part, received
            received += part

    def read_answer(self) -> Answer:
        parts = []
        while part := self.socket.recv(65536):
            parts.append(part)
        return Answer(b"".join(parts).decode())


def head(*lines: str, path: str = PATH, method: str = "POST") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def stalled(length: int = 1000, *lines: str) -> bytes:
    """A request with one byte of its body."""
    return head(f"Content-Length: {length}", *lines) + b"x"

"""A way to PostgreSQL or Redis that a test can cut, as a network does."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit

PORTS = {"postgresql": 5432, "redis": 6379}


class ServerProxy:
    """Passes bytes on between whoever connects and the server of the tests."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "127.0.0.1", parts.port or PORTS[parts.scheme])
        self._lines: list[socket.socket] = []
        self._is_open = threading.Event()
        self._is_open.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        user, at, _host = parts.netloc.rpartition("@")
        self.url = parts._replace(netloc=f"{user}{at}127.0.0.1:{self.port}").geturl()
        threading.Thread(target=self._accept, daemon=True).start()

    def refuse(self) -> None:
        """As a server that has been stopped: every connection ends, none begins."""
        with contextlib.suppress(OSError):
            # Wakes whoever accepts.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._cut()

    def hang(self) -> None:
        """As a server that has been stopped in its tracks: it takes everything and says nothing."""
        self._is_open.clear()

    def come_back(self) -> None:
        self._is_open.set()
        if self._listener.fileno() < 0:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.refuse()
        self._is_open.set()

    def _cut(self) -> None:
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        self._lines.clear()

    def _accept(self) -> None:
        listener = self._listener
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._lines += [client, server]
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._is_open.wait()
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

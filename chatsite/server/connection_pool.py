"""The open connections of a worker: which are being answered, and which merely wait."""

import contextlib
import socket
from collections.abc import Hashable, Iterable


class Connection:
    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def interrupt(self) -> None:
        """Has whoever waits for this connection find it closed."""
        # gevent's own method would raise an error where it is waited for.
        sock = getattr(self.sock, "_sock", self.sock)
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


class ConnectionPool:
    """Used by the greenlets of one thread, none of which is interrupted in here."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[Hashable, Connection] = {}
        # Those that wait for a request, the longest first.
        self._waiting: dict[Connection, None] = {}
        self.busy = 0

    def open(self, sock: socket.socket) -> Connection:
        """Take up a connection; where there are too many, the one that has waited longest goes."""
        if len(self._open) >= self._most and self._waiting:
            oldest = next(iter(self._waiting))
            del self._waiting[oldest]
            oldest.interrupt()
        connection = self._open[sock] = Connection(sock)
        self._waiting[connection] = None
        return connection

    def list_waiting(self) -> list[Connection]:
        """Return those that wait for a request."""
        return list(self._waiting)

    def close_idle(self, connections: Iterable[Connection]) -> None:
        """End those of them that still wait, or wait again."""
        for connection in connections:
            if connection in self._waiting:
                del self._waiting[connection]
                connection.interrupt()

    def find(self, sock: socket.socket) -> Connection:
        return self._open[sock]

    def begin(self, connection: Connection) -> None:
        """Count a request as being answered: its connection isn't taken away."""
        self._waiting.pop(connection, None)
        self.busy += 1

    def end(self, connection: Connection) -> None:
        self.busy -= 1
        self._waiting[connection] = None

    def close(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)
        self._open.pop(connection.sock, None)

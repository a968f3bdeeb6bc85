"""gunicorn's gevent worker, with room for the next request however many connections are open.

An open connection costs little, so there may be more of them than requests answered at once:
- one that waits for its next request, or is still sending its headers, is closed when another needs
  its place, the one that has waited longest first. Headers have five seconds (`keepalive`) in all;
- beyond `worker_connections` requests at once the next is answered 503 straight away, but for those
  that ask whether the process lives;
- a response that nobody reads ends after 30 seconds (`gunicorn_conf.SEND_TIMEOUT`);
- once the worker is told to stop, one that waits for its next request isn't waited for.

The master imports this module, so it imports nothing of the site that would import Django.
"""

import contextlib
import errno
import socket
from typing import Any

import gevent
from gunicorn import util
from gunicorn.workers import ggevent

from chatsite.server.busy_page import RETRY_AFTER, render_busy_page
from chatsite.server.connection_pool import Connection, ConnectionPool
from chatsite.server.lingering_close import close_lingering

# Connections beyond the requests that may be answered at once.
SPARE = 200

# Seconds for which a connection may still bring a request once the worker is told to stop: all of
# `keepalive` after the last stream has ended would be longer than `docker stop` waits.
LINGER = 0.5

# Answered even when nothing else is.
ALWAYS_ANSWERED = frozenset({"/livez", "/readyz", "/healthz", "/metrics"})

PAGE = render_busy_page(
    "The server is busy",
    "Too many people are using it right now. What you sent before is safe; "
    "try again in a few seconds.",
).encode()
BUSY = (
    "HTTP/1.1 503 Service Unavailable\r\n"
    "Connection: close\r\n"
    f"Retry-After: {RETRY_AFTER}\r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    "Cache-Control: no-store\r\n"
    f"Content-Length: {len(PAGE)}\r\n\r\n"
).encode() + PAGE


class GeventWorker(ggevent.GeventWorker):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requests_at_once = self.cfg.worker_connections
        # gunicorn stops accepting connections when as many are open.
        self.worker_connections = self.requests_at_once + SPARE
        self.pool = ConnectionPool(self.worker_connections - SPARE // 2)

    def run(self) -> None:
        gevent.spawn(self._close_idle)
        super().run()

    def _close_idle(self) -> None:
        while self.alive:
            gevent.sleep(LINGER)
        idle = self.pool.list_waiting()
        gevent.sleep(LINGER)
        self.pool.close_idle(idle)

    def timeout_ctx(self) -> Any:
        seconds = self.cfg.keepalive if self.alive else LINGER
        # It ends what is within, and raises nothing.
        return gevent.Timeout(seconds, False)  # type: ignore[arg-type]

    def handle(self, listener: Any, client: socket.socket, addr: Any) -> None:
        connection = self.pool.open(client)
        try:
            super().handle(listener, client, addr)
        finally:
            self.pool.close(connection)

    def handle_request(self, listener_name: Any, req: Any, sock: socket.socket, addr: Any) -> Any:
        connection = self.pool.find(sock)
        if self.pool.busy >= self.requests_at_once and not is_always_answered(req):
            refuse_connection(connection)
            raise StopIteration
        if not self.alive:
            req.force_close()
        self.pool.begin(connection)
        try:
            return super().handle_request(listener_name, req, sock, addr)
        except TimeoutError as error:
            # As if the client had gone, which gunicorn passes over without an alarm.
            raise ConnectionResetError(errno.ECONNRESET, "nobody reads the response") from error
        finally:
            self.pool.end(connection)
            if req.body.failed:
                close_lingering(sock)


def is_always_answered(request: Any) -> bool:
    return str(request.path).rstrip("/") in ALWAYS_ANSWERED


def refuse_connection(connection: Connection) -> None:
    with contextlib.suppress(OSError):
        connection.sock.settimeout(0)
        connection.sock.sendall(BUSY)
    util.close_graceful(connection.sock)

"""Closes a connection whose client may still be sending, so that the answer reaches it.

Closed at once, what is unread makes the kernel reset the connection, and a client (or a proxy)
that writes its whole request before it reads sees a broken pipe where a 413 was sent. RFC 9112
section 9.6: half-close, read on for a while, then close. gunicorn's own stops after 64 KB.
"""

import contextlib
import socket
import time

SECONDS = 5.0
BYTES = 32 * 1024 * 1024
STEP = 64 * 1024


def close_lingering(sock: socket.socket) -> None:
    with contextlib.closing(sock), contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
        buffer = bytearray(STEP)
        deadline, unread = time.monotonic() + SECONDS, BYTES
        while unread > 0 and (left := deadline - time.monotonic()) > 0:
            sock.settimeout(left)
            if not (received := sock.recv_into(buffer)):
                return
            unread -= received
            # A fast sender would keep gevent from serving anybody else.
            time.sleep(0)

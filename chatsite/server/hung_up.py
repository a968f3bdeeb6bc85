"""Tells whether who asked is still there.

What is written to a connection that its browser has just closed gets lost without a word: the
kernel takes it, and only the next write fails.
"""

import socket

from django.http import HttpRequest

# The first byte of Linux's `struct tcp_info` is the connection's state, and ESTABLISHED that of one
# that stands (include/net/tcp_states.h): a browser that closes makes it another.
TCP_INFO: int | None = getattr(socket, "TCP_INFO", None)
ESTABLISHED = 1


def has_hung_up(request: HttpRequest) -> bool:
    """Return whether the client, or the proxy on its behalf, has closed the connection; False where
    that can't be known. Asks the kernel, and waits for nothing.
    """
    sock = request.META.get("gunicorn.socket")
    if TCP_INFO is None or not isinstance(sock, socket.socket) or sock.family == socket.AF_UNIX:
        return False
    try:
        return sock.getsockopt(socket.IPPROTO_TCP, TCP_INFO, 1)[0] != ESTABLISHED
    except OSError:
        return True

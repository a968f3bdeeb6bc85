"""The socket that the server will listen on, or one for each of its processes.

With one for all, whoever is quickest takes the next connection, and streams pile up in one process:
of 200 connections it took 176. With `SO_REUSEPORT` the kernel deals them out evenly.

It is opened before anything is prepared and handed over to gunicorn: nobody can take the port in
between, and a browser that follows the printed link at once waits a moment instead of being
refused.
"""

import errno
import socket

from chatsite.server.startup import LaunchError
from chatsite.server.startup.retries import retry_until_deadline

BACKLOG = 2048


def open_listeners(host: str, port: int, count: int) -> list[socket.socket]:
    """Open that many listening sockets, which survive exec; raises LaunchError when the address
    can't be had.
    """
    # Alone at first: another server that shares its port would not be noticed.
    listener = open_listener(host, port)
    if count == 1:
        return [listener]
    listener.close()
    return [open_listener(host, port, is_shared=True) for _ in range(count)]


def open_listener(host: str, port: int, *, is_shared: bool = False) -> socket.socket:
    """`::` is every address there is, those of IPv4 as well, whatever the system takes it for."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    try:
        listener = retry_until_deadline(
            lambda: socket.create_server(
                (host, port),
                family=family,
                backlog=BACKLOG,
                reuse_port=is_shared,
                dualstack_ipv6=both,
            )
        )
    except OSError as error:
        raise LaunchError(explain_bind_error(error, host, port)) from error
    listener.set_inheritable(True)
    return listener


def explain_bind_error(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is already in use. "
            f"Stop what uses it, or choose another port: PORT={port + 1}."
        )
    if isinstance(error, PermissionError):
        return f"Port {port} is reserved for the system. Choose another port: PORT=8000."
    cause, _, _ = str(error.strerror).partition(" (while")
    return f"The server can't listen on {host}, port {port}: {cause}. Check HOST and PORT."

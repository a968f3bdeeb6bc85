"""urllib3's and requests' connections, which bind their socket to a `CancellableConnection`.

The layers above the socket stay theirs: pooling, TLS, proxies, HTTP. A thread says whose call it is
about to make with `use_connection()`, as none of them passes anything of ours through.
"""

import http.client
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, override

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import allowed_gai_family

from conversations.model_api.cancellable_connection import CancellableConnection, SocketReader

POOL_SIZE = 512

_NEXT_CHUNK = re.compile(rb"\r\n0*[1-9a-fA-F][0-9a-fA-F]*[^\n]*\n.", re.DOTALL)
_local = threading.local()


@contextmanager
def use_connection(connection: CancellableConnection) -> Iterator[None]:
    """Bind to `connection` whatever sockets this thread opens or reuses inside the block."""
    _local.connection = connection
    try:
        yield
    finally:
        del _local.connection


class CancellableResponse(http.client.HTTPResponse):
    """Reads within the connection's deadlines, and across the borders of HTTP chunks.

    Servers send a token a chunk; several that have arrived together are one read, not several.
    """

    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        self._reader = SocketReader(sock, _local.connection)
        super().__init__(self._reader, debuglevel, method, url)  # type: ignore[arg-type]

    @override
    def read1(self, n: int = -1) -> bytes:
        pieces = [super().read1(n)]
        while pieces[-1] and self.chunked and self._more_is_here():
            n -= len(pieces[-1])
            if n == 0:
                break
            pieces.append(super().read1(n))
        return b"".join(pieces)

    def _more_is_here(self) -> bool:
        """Whether the buffer holds some of this or the next chunk; never the last, empty one."""
        buffered = self._reader.peek(self.fp)
        return bool(buffered) if self.chunk_left else bool(_NEXT_CHUNK.match(buffered))


class CancellableHTTPConnection(HTTPConnection):
    response_class = CancellableResponse
    _connection: CancellableConnection | None = None

    @override
    def _new_conn(self) -> socket.socket:
        """Connect as urllib3 does, but so that it can be aborted meanwhile."""
        self._connection = _local.connection
        host = self._dns_host.strip("[]")
        failure = OSError(f"{host} has no address")
        for *kind, _, address in socket.getaddrinfo(
            host, self.port, allowed_gai_family(), socket.SOCK_STREAM
        ):
            try:
                return self._dial(socket.socket(*kind), address)
            except OSError as error:
                failure = error
        # Wrapped, as urllib3 takes a bare reset for one that came while sending.
        raise NewConnectionError(self, str(failure)) from failure

    def _dial(self, sock: socket.socket, address: Any) -> socket.socket:
        connection: CancellableConnection = _local.connection
        try:
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            connection.bind(sock, self)
            sock.settimeout(connection.compute_timeout(connection.timeouts.connect))
            sock.connect(address)
            # A socket aborted while connecting may look connected.
            connection.cancellation.check()
        except BaseException:
            connection.unbind(self)
            sock.close()
            connection.cancellation.check()
            raise
        return sock

    @override
    def connect(self) -> None:
        super().connect()
        self._prepare_to_send()

    @override
    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None:
            self._prepare_to_send()
            self.timeout = self.sock.gettimeout()
        super().request(*args, **kwargs)
        _local.connection.mark_sent()

    def _prepare_to_send(self) -> None:
        """Extend the timeout: on a slow network, sending may take longer than connecting."""
        connection = self._connection = _local.connection
        connection.bind(self.sock, self)
        self.sock.settimeout(connection.compute_timeout())

    @override
    def close(self) -> None:
        if self._connection is not None:
            self._connection.unbind(self)
            self._connection = None
        super().close()


class CancellableHTTPSConnection(CancellableHTTPConnection, HTTPSConnection):
    _spare: socket.socket | None = None

    @override
    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        # TLS takes this object away and gives another when the handshake is over; meanwhile a
        # second handle on the same connection serves to abort it.
        self._spare = sock.dup()
        _local.connection.bind(self._spare, self._spare)
        return sock

    @override
    def connect(self) -> None:
        try:
            super().connect()
        finally:
            if self._spare is not None:
                _local.connection.unbind(self._spare)
                self._spare.close()
                self._spare = None


class CancellableHTTPPool(HTTPConnectionPool):
    ConnectionCls = CancellableHTTPConnection


class CancellableHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = CancellableHTTPSConnection


class CancellableAdapter(HTTPAdapter):
    """Has requests use the connections above, and one TLS context for all of them.

    Left to itself, requests reads the bundle of root certificates for every new connection, which
    takes longer than the rest of the call.
    """

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        super().__init__(pool_connections=4, pool_maxsize=POOL_SIZE, max_retries=0)

    @override
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    @override
    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    @override
    def build_connection_pool_key_attributes(self, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        host, _ = super().build_connection_pool_key_attributes(*args, **kwargs)
        return host, {"ssl_context": self._tls}

    @override
    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """The context verifies: it was made to, and nothing may tell it otherwise."""


_POOLS = {"http": CancellableHTTPPool, "https": CancellableHTTPSPool}

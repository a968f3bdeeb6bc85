"""The connection a call is using: how long it may wait there, and how another thread aborts it.

A thread blocked in `recv` can only be woken through its socket, so whoever may want to stop a call
must be able to reach the socket in every phase: connecting, TLS, waiting for headers, reading. The
HTTP libraries hide it; `CancellableConnection` is where our connection classes leave it.
"""

import contextlib
import io
import socket
import ssl
import threading
import time
from collections.abc import Buffer
from typing import override

from conversations.model_api.cancellation import Cancellation
from conversations.model_api.errors import CallTimeoutError
from conversations.model_api.values import Timeouts

READ_SIZE = 16 * 1024


class CancellableConnection:
    """Binds a call to the socket in use. The deadline of the whole call runs from its making."""

    def __init__(self, timeouts: Timeouts, cancellation: Cancellation) -> None:
        self.timeouts = timeouts
        self.cancellation = cancellation
        self.first_byte: float | None = None  # time.monotonic() of the last attempt's
        self.drained = True  # the last read left nothing behind to be read at once
        self.is_sent = False  # the last attempt's request has left whole
        self._end = time.monotonic() + timeouts.whole
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._owner: object = None
        self.begin_attempt()

    def begin_attempt(self) -> None:
        self.first_byte = None
        self.is_sent = False
        self._deadline = self._end
        self._awaited = "the first words"
        self._await(self.timeouts.first_byte)

    def keep_sending(self) -> None:
        """Note that some of a long request has left, and more is to. Raises CallCancelledError, and
        CallTimeoutError when the time for the whole call is up.
        """
        self.compute_timeout(self.timeouts.first_byte)
        self._await(self.timeouts.first_byte)

    def mark_sent(self) -> None:
        """Note that the whole request has left: now it is the other side that takes time."""
        self.is_sent = True
        self._await(self.timeouts.first_byte)

    def expect_words(self, seconds: float) -> None:
        """Have the next words come within that time, whatever bytes do meanwhile."""
        self._awaited = "more words"
        self._await(seconds)

    def _await(self, seconds: float) -> None:
        self._timeout = seconds
        self._words_by = time.monotonic() + seconds

    def set_deadline(self, seconds: float) -> None:
        """Leave so many seconds for the rest of this attempt."""
        self._deadline = self._words_by = min(self._end, time.monotonic() + seconds)

    def record_first_byte(self) -> None:
        """Note when the first bytes came in."""
        if self.first_byte is None:
            self.first_byte = time.monotonic()

    def compute_timeout(self, most: float | None = None) -> float:
        """Return the seconds that may be spent waiting now. Raises CallCancelledError, or
        CallTimeoutError when none are.

        `most` is the limit of what isn't waiting for words.
        """
        self.cancellation.check()
        now = time.monotonic()
        if most is not None and now < self._deadline:
            return min(most, self._deadline - now)
        remaining = min(self._words_by, self._deadline) - now
        if remaining <= 0:
            raise self.make_timeout_error()
        return remaining

    def make_timeout_error(self) -> CallTimeoutError:
        """Return the error for a wait that lasted as long as `compute_timeout()` said."""
        if time.monotonic() >= self._deadline:
            return CallTimeoutError("the time for the whole call was up")
        return CallTimeoutError(f"waited {self._timeout:g} s for {self._awaited}")

    def bind(self, sock: socket.socket, owner: object) -> None:
        """Remember a socket as the one in use; it may pass from one owner to the next."""
        with self._lock:
            self._sock, self._owner = sock, owner
        if self.cancellation.cancelled:
            # Its own abort came too early for this socket.
            self.abort()

    def unbind(self, owner: object) -> None:
        """Forget the socket before it is closed or given back to the pool, unless another owns it.

        From here on no cancellation can touch it: its number may be another connection's by then.
        """
        with self._lock:
            if self._owner is owner:
                self._sock = self._owner = None

    def abort(self) -> None:
        """End the connection in both directions at once, from any thread; a blocked read returns.

        It is the TCP connection that ends: TLS's own goodbye would wait for the other side.
        """
        with self._lock:
            if self._sock is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


class SocketReader(io.RawIOBase):
    """Reads the bytes coming in on a socket, within the connection's deadlines."""

    def __init__(self, sock: socket.socket, connection: CancellableConnection) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._connection = connection
        self._peeking = False
        connection.bind(sock, self)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What `http.client` asks of a socket."""
        return io.BufferedReader(self, READ_SIZE)

    def peek(self, buffered: io.BufferedReader) -> bytes:
        """What the buffer over this reader holds, without touching the network."""
        self._peeking = True
        try:
            return buffered.peek()
        finally:
            self._peeking = False

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer) -> int | None:
        if self._peeking:
            return None
        view = memoryview(buffer)
        size = self._wait_for(view)
        if size:
            self._connection.record_first_byte()
        if size and isinstance(self._sock, ssl.SSLSocket):
            size += self._take_what_is_there(view[size:])
        self._connection.drained = size < len(view)
        return size

    def _wait_for(self, view: memoryview) -> int:
        self._sock.settimeout(self._connection.compute_timeout())
        try:
            size = self._file.readinto(view) or 0
        except TimeoutError:
            raise self._connection.make_timeout_error() from None
        except OSError:
            self._connection.cancellation.check()
            raise
        if not size:
            # An aborted connection reads like one that the other side has closed.
            self._connection.cancellation.check()
        return size

    def _take_what_is_there(self, view: memoryview) -> int:
        """TLS hands over one record a read, and servers send a token a record."""
        self._sock.settimeout(0)
        size = 0
        while size < len(view):
            try:
                more = self._file.readinto(view[size:])
            except OSError:
                # Nothing there, or broken: the next read that may wait will say.
                break
            if not more:
                break
            size += more
        return size

    @override
    def close(self) -> None:
        if not self.closed:
            self._connection.unbind(self)
            self._file.close()
        super().close()

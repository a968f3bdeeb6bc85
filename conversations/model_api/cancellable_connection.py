"""The connection a call is using: how long it may wait there, and how it is cut from outside.

A thread blocked in `recv` can only be woken through its socket, so whoever may want to stop a call
must be able to reach the socket in every phase: connecting, TLS, waiting for headers, reading. The
HTTP libraries hide it; `Line` is where our connection classes leave it.
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


class Line:
    """One call's hold on its sockets. The deadline for the whole call runs from its making."""

    def __init__(self, timeouts: Timeouts, cancellation: Cancellation) -> None:
        self.timeouts = timeouts
        self.cancellation = cancellation
        self.first_byte: float | None = None  # time.monotonic() of the last attempt's
        self.drained = True  # the last read left nothing behind to be read at once
        self.asked = False  # the last attempt's request has left whole
        self._end = time.monotonic() + timeouts.whole
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._holder: object = None
        self.begin_attempt()

    def begin_attempt(self) -> None:
        self.first_byte = None
        self.asked = False
        self._deadline = self._end
        self._awaited = "the first words"
        self._await(self.timeouts.first_byte)

    def sent(self) -> None:
        """The whole request has left: from now on it is the other side that takes time."""
        self.asked = True
        self._await(self.timeouts.first_byte)

    def await_words(self, seconds: float) -> None:
        """Some have come; the next are to come within that time, whatever bytes do meanwhile."""
        self._awaited = "more words"
        self._await(seconds)

    def _await(self, seconds: float) -> None:
        self._patience = seconds
        self._words_by = time.monotonic() + seconds

    def hurry(self, seconds: float) -> None:
        """Have no more than that much time for the rest of this attempt."""
        self._deadline = self._words_by = min(self._end, time.monotonic() + seconds)

    def heard(self) -> None:
        """Note that bytes have come in."""
        if self.first_byte is None:
            self.first_byte = time.monotonic()

    def allowance(self, most: float | None = None) -> float:
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
            raise self.timed_out()
        return remaining

    def timed_out(self) -> CallTimeoutError:
        """The error for a wait that lasted as long as `allowance()` said."""
        if time.monotonic() >= self._deadline:
            return CallTimeoutError("the time for the whole call was up")
        return CallTimeoutError(f"waited {self._patience:g} s for {self._awaited}")

    def hold(self, sock: socket.socket, holder: object) -> None:
        """Take over a socket; the same socket may pass from one holder to the next."""
        with self._lock:
            self._sock, self._holder = sock, holder
        if self.cancellation.cancelled:
            # Its own cut came too early for this socket.
            self.cut()

    def release(self, holder: object) -> None:
        """Forget the socket before it is closed or given back to the pool, unless another holds it.

        From here on no cancellation can touch it: its number may be another connection's by then.
        """
        with self._lock:
            if self._holder is holder:
                self._sock = self._holder = None

    def cut(self) -> None:
        """End the connection in both directions at once, from any thread; a blocked read returns.

        It is the TCP connection that ends: TLS's own goodbye would wait for the other side.
        """
        with self._lock:
            if self._sock is not None:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


class LineReader(io.RawIOBase):
    """The bytes coming in on a socket, read under the line's limits."""

    def __init__(self, sock: socket.socket, line: Line) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._line = line
        self._peeking = False
        line.hold(sock, self)

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
            self._line.heard()
        if size and isinstance(self._sock, ssl.SSLSocket):
            size += self._take_what_is_there(view[size:])
        self._line.drained = size < len(view)
        return size

    def _wait_for(self, view: memoryview) -> int:
        self._sock.settimeout(self._line.allowance())
        try:
            size = self._file.readinto(view) or 0
        except TimeoutError:
            raise self._line.timed_out() from None
        except OSError:
            self._line.cancellation.check()
            raise
        if not size:
            # A cut connection reads like one that the other side has closed.
            self._line.cancellation.check()
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
            self._line.release(self)
            self._file.close()
        super().close()

"""The body of a request, received whole before a view is called, within a size and at a minimum
rate.

gunicorn would hand the socket to whoever reads first, for as long as the client likes. Here a body
that isn't there yet takes one of a limited number of slots (`body_slots`), and has to arrive at
2 KB a second after the first ten.

    RequestBodyError
    ├── BodyTooLargeError     more than the route takes
    ├── BodyTooSlowError      slower than the minimum rate
    ├── BodyNotAdmittedError  too many others are on their way
    └── BodyBrokenError       the client went away, or sent no valid chunks
"""

import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

from gunicorn.http.body import LengthReader
from gunicorn.http.errors import ParseException

from chatsite.server.body_slots import BodySlot, BodySlotsFullError

GRACE = 10.0  # seconds in which any rate will do
MINIMUM_RATE = 2048  # bytes a second after that
DEADLINE = 300.0  # seconds for the whole of it, whatever its rate

# Chunks have heads of their own; who sends one byte in each pays for it here.
CHUNKING_OVERHEAD = 2
CHUNKING_ALLOWANCE = 64 * 1024  # bytes

STEP = 64 * 1024  # bytes read at a time
IN_MEMORY = 256 * 1024  # bytes; a longer one is kept in a temporary file
# What a refused request leaves unread may be skipped if it is this little; else the line is closed.
SKIPPABLE = 64 * 1024

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

# Takes a slot for a body that has to be waited for; raises BodySlotsFullError.
type AcquireSlot = Callable[[Callable[[], None]], BodySlot]


class RequestBodyError(Exception):
    """The body wasn't received, so the connection can't be used again."""


class BodyTooLargeError(RequestBodyError):
    pass


class BodyTooSlowError(RequestBodyError):
    pass


class BodyNotAdmittedError(RequestBodyError):
    pass


class BodyBrokenError(RequestBodyError):
    pass


class RequestBody:
    """What a view reads as `wsgi.input`; nothing before `receive` has returned."""

    def __init__(self, request: Any) -> None:
        """`request` is gunicorn's, which has more attributes than its types tell."""
        self._request = request
        self._body = request.body
        self._file: IO[bytes] | None = None
        reader = request.body.reader
        # None where the body comes in chunks, whose sum nobody knows.
        self.length: int | None = reader.length if isinstance(reader, LengthReader) else None
        self._unread = self.length
        # gunicorn would ask for the body at once; what is refused by its length need not be sent.
        self._continue_expected = request._expected_100_continue
        request._expected_100_continue = False

    @property
    def socket(self) -> socket.socket:
        return cast(socket.socket, self._request.unreader.sock)

    @property
    def failed(self) -> bool:
        """Asked by gunicorn before it waits for the next request: whether where that begins is
        unknown, or too far away.
        """
        return bool(self._body.failed or self._unread is None or self._unread > SKIPPABLE)

    def receive(self, limit: int, acquire_slot: AcquireSlot) -> int:
        """Returns the size in bytes, all of which can be read now; raises RequestBodyError."""
        try:
            if self.length is not None and self.length > limit:
                raise BodyTooLargeError
            self._file = self._spool(limit, acquire_slot)
        except RequestBodyError:
            self._request.force_close()
            self._body.failed = True
            raise
        size = self._file.tell()
        self._file.seek(0)
        self._unread = 0
        return size

    def _spool(self, limit: int, acquire_slot: AcquireSlot) -> IO[bytes]:
        unreader = self._request.unreader
        source = TimedSocket(unreader.sock, limit, acquire_slot)
        file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the request
        unreader.sock = source
        try:
            if self._continue_expected and self.length != 0:
                source.sock.sendall(CONTINUE)
            while chunk := self._body.read(STEP):
                file.write(chunk)
                if file.tell() > limit:
                    raise BodyTooLargeError
            if self.length not in (None, file.tell()):
                raise BodyNotAdmittedError if source.gave_way else BodyBrokenError
        except (OSError, ParseException) as error:
            raise BodyNotAdmittedError if source.gave_way else BodyBrokenError from error
        finally:
            unreader.sock = source.sock
            source.release()
        return file

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def read(self, size: int | None = None) -> bytes:
        if self._file:
            return self._file.read(-1 if size is None else size)
        # gunicorn skips what nobody has read.
        data = self._body.read(size)
        if self._unread is not None:
            self._unread -= len(data)
        return bytes(data)

    def readline(self, size: int | None = None) -> bytes:
        return self._file.readline(-1 if size is None else size) if self._file else b""

    def readlines(self, _hint: int | None = None) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._file or ())


class TimedSocket:
    """A socket to read one body from. What it waits for takes a slot, and has a deadline that moves
    on with what arrives.
    """

    def __init__(self, sock: socket.socket, limit: int, acquire_slot: AcquireSlot) -> None:
        self.sock = sock
        self._most = limit * CHUNKING_OVERHEAD + CHUNKING_ALLOWANCE
        self._acquire_slot = acquire_slot
        self._slot: BodySlot | None = None
        self._began = time.monotonic()
        self._received = 0

    @property
    def gave_way(self) -> bool:
        return self._slot is not None and self._slot.gave_way

    def recv(self, size: int) -> bytes:
        if self._received > self._most:
            raise BodyTooLargeError
        if self._received:
            # A fast sender would keep gevent from serving anybody else.
            time.sleep(0)
        timeout = self.sock.gettimeout()
        try:
            data = self._recv(size)
        finally:
            self.sock.settimeout(timeout)
        self._received += len(data)
        if self._slot:
            self._slot.received = self._received
        return data

    def _recv(self, size: int) -> bytes:
        left = self._seconds_left()
        try:
            self.sock.settimeout(0)
            return self.sock.recv(size)
        except BlockingIOError:
            pass
        if not self._slot:
            try:
                self._slot = self._acquire_slot(self._interrupt)
            except BodySlotsFullError as error:
                raise BodyNotAdmittedError from error
        try:
            self.sock.settimeout(left)
            return self.sock.recv(size)
        except TimeoutError as error:
            raise BodyTooSlowError from error

    def _seconds_left(self) -> float:
        allowed = min(DEADLINE, GRACE + self._received / MINIMUM_RATE)
        left = self._began + allowed - time.monotonic()
        if left <= 0:
            raise BodyTooSlowError
        return left

    def _interrupt(self) -> None:
        """Has a waiting `recv` return as if the client had gone."""
        self.sock.shutdown(socket.SHUT_RD)

    def release(self) -> None:
        if self._slot:
            self._slot.release()

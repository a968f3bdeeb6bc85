"""A killable helper process: work that may never end, or take all memory, away from the server.

A thread can't be ended, and code in C holds the interpreter's lock, so what a hostile input may
bring to a stop is done in a process of its own. It answers one request at a time, is killed when
an answer takes too long, and is replaced at once.

    HelperError
    ├── HelperTimeoutError      no answer in time; the helper was killed
    ├── HelperCrashedError      the helper ended, or answered nonsense
    └── HelperUnavailableError  it can't be started: no fault of the request

`helper_main` is the other side. The two talk over a socket pair: it has timeouts that gevent knows
too, so that only the caller waits, in whatever kind of thread. Each message has its length before
it. The helper gets none of our environment, where keys are, and gives up its rights (`sandbox`).
"""

import contextlib
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

from chatsite.core.helper_main import OUT_OF_MEMORY

ROOT = Path(__file__).resolve().parents[2]
LENGTH = struct.Struct(">I")
# What an interpreter that isn't where it was built needs to start.
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
PIECE = 2**18
OWN_END = 1.0
"""Seconds for its end where it has closed its line: that happens a moment before."""
STANDARD_ERROR = 2
MAX_SAID = 2**16
NO_MEMORY = re.compile(rb"bad_alloc|memory allocation of|out of memory", re.IGNORECASE)


class HelperError(Exception):
    """The helper has not done what it was asked to."""


class HelperTimeoutError(HelperError):
    """It took too long, and was killed."""


class HelperCrashedError(HelperError):
    """It ended by itself, by a signal or for want of memory, or its answer can't be read.

    `status` is that of its process, negative for a signal, or None where it was killed from here;
    `said` is what stood on its standard error.
    """

    def __init__(self, message: str, status: int | None = None, said: bytes = b"") -> None:
        super().__init__(message)
        self.status = status
        self.said = said

    @property
    def took_too_long(self) -> bool:
        """Whether it had used up its processor time."""
        return self.status in {-signal.SIGPROF, -signal.SIGXCPU}

    @property
    def is_out_of_memory(self) -> bool:
        """Whether it got no more memory. Python says so by the status. The kernel kills what fills
        the machine's, or a container's. Libraries in C++ and Rust abort where an allocation fails:
        PDFium without a word, others name it. Who aborts for another reason says which.
        """
        if self.status == -signal.SIGABRT:
            return not self.said or bool(NO_MEMORY.search(self.said))
        return self.status in {OUT_OF_MEMORY, -signal.SIGKILL}


class HelperUnavailableError(HelperError):
    """It can't be started."""


class HelperProcess:
    """Calls a function of bytes to bytes ("package.module:function") in a process of its own.

    To be used by one thread, which lives as long as it: the kernel ends the helper together with
    the thread that started it.
    """

    def __init__(
        self,
        function: str,
        *,
        memory: int = 256 * 2**20,
        cpu_seconds: float = 1,
        max_response: int = 2**20,
        start_timeout: float = 10,
        is_for_one_request: bool = False,
    ) -> None:
        """`memory` is the size of its address space in bytes. The kernel ends it when a request
        takes more than `cpu_seconds` of processor time, on a busy machine as on an idle one. One
        that is for one request is ended after it: nothing that a request has done to it is there
        at the next, nor its memory taken meanwhile.
        """
        self._arguments = [function, str(memory), str(cpu_seconds)]
        self._max_response = max_response
        self._start_timeout = start_timeout
        self._is_for_one_request = is_for_one_request
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._errors: int | None = None  # where its standard error is read
        self._is_ready = False
        self._is_killed = False

    @property
    def pid(self) -> int | None:
        """The running helper's process id."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it where it isn't running, and wait until it takes requests."""
        self._connect()

    def call(self, request: bytes, *, timeout: float) -> bytes:
        """Return what the function returns; `timeout` in seconds, without those of its start."""
        line = self._connect()
        try:
            response = self._exchange(line, request, time.monotonic() + timeout)
        except TimeoutError:
            self._replace()
            raise HelperTimeoutError(f"No answer after {timeout} s") from None
        except HelperCrashedError:
            self._replace()
            raise
        except OSError as error:
            is_own = self._await_end() and not self._is_killed
            status, said = self._replace()
            raise HelperCrashedError(
                f"It ended with {status}", status if is_own else None, said
            ) from error
        if self._is_for_one_request:
            self.stop()
        return response

    def kill(self) -> None:
        """Have a call end at once, with HelperCrashedError. May be called from any thread."""
        if process := self._process:
            self._is_killed = True
            process.kill()

    def stop(self) -> None:
        """Kill it, if it runs."""
        self._end()

    def _connect(self) -> socket.socket:
        line = self._line or self._launch()
        if not self._is_ready:
            try:
                self._receive(line, time.monotonic() + self._start_timeout)
            except (OSError, HelperCrashedError) as error:
                status, _said = self._end()
                raise HelperUnavailableError(f"It ended with {status} as it began") from error
            self._is_ready = True
        return line

    def _launch(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        main = str(ROOT / "chatsite/core/helper_main.py")
        self._errors, errors = os.pipe()
        # Neither side ever waits for the other there.
        os.set_blocking(self._errors, False)
        os.set_blocking(errors, False)
        self._is_killed = False
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", main, str(os.getpid()), *self._arguments],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                    cwd="/",
                    # Ctrl+C in the server's terminal is no business of the helper's.
                    start_new_session=True,
                )
            except OSError as error:
                ours.close()
                self._take_errors()
                raise HelperUnavailableError(str(error)) from error
            finally:
                os.close(errors)
        self._line = ours
        return ours

    def _replace(self) -> tuple[int | None, bytes]:
        """Kill it and start the next one, which gets ready while nobody waits for it."""
        ended = self._end()
        if not self._is_for_one_request:
            with contextlib.suppress(HelperUnavailableError):
                self._launch()
        return ended

    def _await_end(self) -> bool:
        """Tell whether it ends without being killed, for which it has a moment."""
        if self._process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(OWN_END)
        return self._process is not None and self._process.returncode is not None

    def _end(self) -> tuple[int | None, bytes]:
        """Kill it; its exit status, negative for a signal, or None where it wasn't running, and
        what it said.
        """
        process, self._process = self._process, None
        if self._line:
            self._line.close()
        self._line, self._is_ready = None, False
        if process is None:
            return None, b""
        process.kill()
        return process.wait(), self._take_errors()

    def _take_errors(self) -> bytes:
        """Return what it has said, which goes where ours does."""
        said = b""
        if self._errors is not None:
            with contextlib.suppress(BlockingIOError):
                said = os.read(self._errors, MAX_SAID)
            os.close(self._errors)
            self._errors = None
        if said:
            with contextlib.suppress(OSError):
                os.write(STANDARD_ERROR, said)
        return said

    def _exchange(self, line: socket.socket, request: bytes, deadline: float) -> bytes:
        line.settimeout(_remaining(deadline))
        line.sendall(LENGTH.pack(len(request)))
        line.sendall(request)
        return self._receive(line, deadline)

    def _receive(self, line: socket.socket, deadline: float) -> bytes:
        (length,) = LENGTH.unpack(_read(line, LENGTH.size, deadline))
        if length > self._max_response:
            raise HelperCrashedError(f"An answer of {length} bytes")
        return _read(line, length, deadline)


def _read(line: socket.socket, size: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        line.settimeout(_remaining(deadline))
        piece = line.recv(min(size - len(data), PIECE))
        if not piece:
            raise ConnectionResetError("The line is closed")
        data += piece
    return bytes(data)


def _remaining(deadline: float) -> float:
    """Seconds; never none at all, so that an answer that is there is read by a late reader too."""
    return max(0.001, deadline - time.monotonic())

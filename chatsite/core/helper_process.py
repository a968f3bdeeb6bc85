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


class HelperError(Exception):
    """The helper has not done what it was asked to."""


class HelperTimeoutError(HelperError):
    """It took too long, and was killed."""


class HelperCrashedError(HelperError):
    """It ended by itself, by a signal or for want of memory, or its answer can't be read.

    `status` is that of its process, negative for a signal.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status

    @property
    def took_too_long(self) -> bool:
        """Whether it had used up its processor time."""
        return self.status in {-signal.SIGPROF, -signal.SIGXCPU}

    @property
    def is_out_of_memory(self) -> bool:
        return self.status == OUT_OF_MEMORY


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
        self._is_ready = False

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
        except (OSError, HelperCrashedError) as error:
            status = self._replace()
            raise HelperCrashedError(f"It ended with {status}", status) from error
        if self._is_for_one_request:
            self.stop()
        return response

    def kill(self) -> None:
        """Have a call end at once, with HelperCrashedError. May be called from any thread."""
        if process := self._process:
            process.kill()

    def stop(self) -> int | None:
        """Kill it; its exit status, negative for a signal, or None where it wasn't running."""
        process, self._process = self._process, None
        if self._line:
            self._line.close()
        self._line, self._is_ready = None, False
        if process is None:
            return None
        process.kill()
        return process.wait()

    def _connect(self) -> socket.socket:
        line = self._line or self._launch()
        if not self._is_ready:
            try:
                self._receive(line, time.monotonic() + self._start_timeout)
            except (OSError, HelperCrashedError) as error:
                status = self.stop()
                raise HelperUnavailableError(f"It ended with {status} as it began") from error
            self._is_ready = True
        return line

    def _launch(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        main = str(ROOT / "chatsite/core/helper_main.py")
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", main, str(os.getpid()), *self._arguments],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
                    cwd="/",
                    # Ctrl+C in the server's terminal is no business of the helper's.
                    start_new_session=True,
                )
            except OSError as error:
                ours.close()
                raise HelperUnavailableError(str(error)) from error
        self._line = ours
        return ours

    def _replace(self) -> int | None:
        """Kill it and start the next one, which gets ready while nobody waits for it."""
        status = self.stop()
        if not self._is_for_one_request:
            with contextlib.suppress(HelperUnavailableError):
                self._launch()
        return status

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
            raise HelperCrashedError("The line is closed")
        data += piece
    return bytes(data)


def _remaining(deadline: float) -> float:
    """Seconds; never none at all, so that an answer that is there is read by a late reader too."""
    return max(0.001, deadline - time.monotonic())

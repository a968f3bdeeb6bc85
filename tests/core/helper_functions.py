"""What helper processes are asked to do in tests."""

import errno
import importlib
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def echo(request: bytes) -> bytes:
    return request


def identify(_request: bytes) -> bytes:
    return str(os.getpid()).encode()


def loop(request: bytes) -> bytes:
    """Never ends, but for an empty request."""
    while request:
        pass
    return b"ended"


def loop_without_timer(request: bytes) -> bytes:
    signal.setitimer(signal.ITIMER_PROF, 0)
    return loop(request)


def work(request: bytes) -> bytes:
    """Takes so many seconds of processor time."""
    end = time.process_time() + float(request)
    while time.process_time() < end:
        pass
    return b"worked"


def fill_memory(request: bytes) -> bytes:
    return b"x" * 2**30 if request else b""


def answer_at_length(_request: bytes) -> bytes:
    return b"x" * 2**21


def end(_request: bytes) -> bytes:
    signal.raise_signal(signal.SIGSEGV)
    return b""


def be_killed(_request: bytes) -> bytes:
    signal.raise_signal(signal.SIGKILL)
    return b""


def talk(_request: bytes) -> bytes:
    """Says more than a pipe holds."""
    for _ in range(100):
        with suppress(BlockingIOError):
            os.write(2, b"word " * 200)
    return b"said"


def abort(message: bytes) -> bytes:
    """Ends as C++ and Rust do where they can't go on, for which they may give a reason."""
    os.write(2, message)
    os.abort()


def close_line(_request: bytes) -> bytes:
    """Goes on, and is heard of no more."""
    os.close(0)
    return loop(b"for ever")


def list_secrets(_request: bytes) -> bytes:
    """The names of its variables, and whether it was started apart from the user's folders."""
    return " ".join([*sorted(os.environ), str(sys.flags.isolated)]).encode()


def intrude(what: bytes) -> bytes:
    """Does what only an intruder would, and says whether it could."""
    try:
        INTRUSIONS[what.decode()]()
    except OSError as error:
        return errno.errorcode[error.errno or 0].encode()
    return b"done"


def begin_thread() -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def read_file(path: str) -> None:
    with Path(path).open("rb"):
        pass


INTRUSIONS: dict[str, Callable[[], object]] = {
    "read a file": lambda: read_file(__file__),
    "read the parent's environment": lambda: read_file(f"/proc/{os.getppid()}/environ"),
    "list a folder": lambda: list(Path("/").iterdir()),
    "write a file": lambda: Path(os.devnull).write_bytes(b"x"),
    "make a folder": lambda: Path("/intruder").mkdir(),
    "open a socket": socket.socket,
    "begin a process": os.fork,
    "run a program": lambda: os.execv("/bin/sh", ["sh"]),  # noqa: S606
    "signal the parent": lambda: os.kill(os.getppid(), 0),
    "change the parent's limits": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CORE),
    "begin a thread": begin_thread,
    "import of Python's own": lambda: importlib.import_module("colorsys"),
    "change its own limits": lambda: resource.getrlimit(resource.RLIMIT_CORE),
}

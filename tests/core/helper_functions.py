"""What helper processes are asked to do in tests."""

import os
import signal
import sys
import time


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
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def list_secrets(_request: bytes) -> bytes:
    """The names of its variables, and whether it was started apart from the user's folders."""
    return " ".join([*sorted(os.environ), str(sys.flags.isolated)]).encode()

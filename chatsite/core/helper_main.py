"""What runs in a helper process (`helper_process`): it answers requests with one function.

Started as `python -I helper_main.py PARENT FUNCTION MEMORY CPU_SECONDS`, with one end of a socket
pair as its standard input. It ends with its parent: the kernel sees to it on Linux; elsewhere the
closed line does, and the limit of processor time where a loop keeps it from looking.
"""

import contextlib
import importlib
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

LENGTH = struct.Struct(">I")
PIECE = 2**18
OUT_OF_MEMORY = 3
"""The exit status where the limit of memory was reached."""


def main(parent: str, function: str, memory: str, cpu_seconds: str) -> None:
    # Last, so that nothing of ours hides what is installed.
    sys.path.append(str(Path(__file__).resolve().parents[2]))
    from chatsite.core.parent_process import end_with_parent
    from chatsite.core.sandbox import give_up_rights

    end_with_parent(signal.SIGKILL)
    if os.getppid() != int(parent):
        return
    module, _, name = function.partition(":")
    handle: Callable[[bytes], bytes] = getattr(importlib.import_module(module), name)
    be_ended_first()
    limit_resource(resource.RLIMIT_AS, int(memory))
    limit_resource(resource.RLIMIT_CORE, 0)
    limit_resource(resource.RLIMIT_FSIZE, 0)  # it writes no files
    give_up_rights()
    with socket.socket(fileno=0) as line:
        send_answer(line, b"")  # ready
        while (request := receive_call(line)) is not None:
            limit_cpu(float(cpu_seconds))
            try:
                response = handle(request)
            except MemoryError:
                # At once: while it tidied up with the line closed already, it would be killed,
                # and nobody would learn why it ended.
                os._exit(OUT_OF_MEMORY)
            signal.setitimer(signal.ITIMER_PROF, 0)
            send_answer(line, response)


def be_ended_first() -> None:
    """Have the kernel end this process, and not the server, where memory runs out."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit_resource(what: int, value: int) -> None:
    """Lower a soft limit, which can't be above the hard one."""
    hard = resource.getrlimit(what)[1]
    if hard == resource.RLIM_INFINITY or value <= hard:
        # macOS knows the limit of memory and refuses to set it.
        if what == resource.RLIMIT_AS and sys.platform == "darwin":
            return
        resource.setrlimit(what, (value, hard))


def limit_cpu(seconds: float) -> None:
    """Let this process use so many more seconds of processor time before the kernel ends it.

    The timer is exact; the limit counts whole seconds, but no library can turn it off.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit_resource(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + seconds) + 2)
    signal.setitimer(signal.ITIMER_PROF, seconds)


def send_answer(line: socket.socket, message: bytes) -> None:
    line.sendall(LENGTH.pack(len(message)) + message)


def receive_call(line: socket.socket) -> bytes | None:
    """Return the next message, or None when the other end is closed."""
    head = read_exactly(line, LENGTH.size)
    return read_exactly(line, LENGTH.unpack(head)[0]) if head else None


def read_exactly(line: socket.socket, size: int) -> bytes:
    """Return so many bytes, or none when the line was closed before."""
    data = bytearray()
    while len(data) < size:
        piece = line.recv(min(size - len(data), PIECE))
        if not piece:
            return b""
        data += piece
    return bytes(data)


if __name__ == "__main__":
    main(*sys.argv[1:])

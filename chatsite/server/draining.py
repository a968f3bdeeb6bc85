"""The moment between being told to stop and refusing connections: `/readyz/` says that this server
stops, and pages are still served, so that a proxy that asks has sent new requests elsewhere before
the first would be refused.

gunicorn's main process begins it and tells its workers by a signal. It imports this module, which
so imports nothing of Django.
"""

import signal
from types import FrameType

from gunicorn.arbiter import Arbiter

# The environment variable by which `serve` says for how many seconds.
SECONDS = "SHUTDOWN_DRAIN"
# Ignored by whoever hasn't been told otherwise, so that it ends no worker that is just starting.
SIGNAL = signal.SIGURG

# Those that are forked later inherit it.
_is_draining = False


def is_draining() -> bool:
    """Whether the server is told to stop, and serves for a last moment."""
    return _is_draining


def listen_for_draining() -> None:
    """In a worker: have the main process's signal noted."""
    signal.signal(SIGNAL, _begin)


def drain_before_stop(server: Arbiter, seconds: float) -> None:
    """In the main process: have the first SIGTERM stop it after so many seconds, a second one at
    once.
    """

    def stop(_number: int, frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        server.signal(signal.SIGTERM, frame)

    def drain(_number: int, frame: FrameType | None) -> None:
        _begin(SIGNAL, frame)
        signal.signal(signal.SIGTERM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        for pid in list(server.WORKERS):
            server.kill_worker(pid, SIGNAL)

    signal.signal(signal.SIGALRM, stop)
    signal.signal(signal.SIGTERM, drain)


def _begin(_number: int, _frame: FrameType | None) -> None:
    global _is_draining
    _is_draining = True

"""How gunicorn serves the site; `manage.py serve` adds what depends on settings.

The master imports this file and nothing else of the site. That keeps it small, and leaves gevent
free to replace the blocking parts of the standard library in the worker before Django, requests
or psycopg are imported.
"""

import os
import resource
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from chatsite.core.parent_process import end_with_parent
from chatsite.server import draining
from chatsite.server.request_body import RequestBody

wsgi_app = "chatsite.wsgi:application"
preload_app = False

# `serve` says how many; each has a listener of its own.
workers = 1
threads = 64  # of the gthread class

# Seconds in which the headers of the next request have to be there; an idle connection can hold up
# a stop for as long.
keepalive = 5
timeout = 60  # seconds without a sign of life before the worker is replaced

# The heartbeat is a file: a disk that stalls must not cost the worker its life.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108

# Which proxies to believe is decided in one place, by the setting TRUSTED_PROXY_COUNT.
forwarded_allow_ips = ""
forwarder_headers = ""

control_socket_disable = True
loglevel = "warning"
if os.environ.get("LOG_FORMAT", "").strip().lower() == "json":
    logconfig_dict = {
        "root": {"level": "WARNING", "handlers": []},
        "loggers": {
            "gunicorn.error": {
                "level": "WARNING",
                "handlers": ["error_console"],
                "propagate": False,
            }
        },
        "formatters": {"generic": {"()": "chatsite.core.log_formats.JsonFormatter"}},
    }

# The environment variable by which `serve` says that SIGHUP restarts.
HANGUP_RESTARTS = "HANGUP_RESTARTS"

STOP_POLL = 0.2  # seconds
# gunicorn's workers look every second whether they are to stop, and take connections until then.
STILL_LISTENING = 1.2

# Seconds in which a client has to take each piece of a response.
SEND_TIMEOUT = 30

# Each stream takes two: the reader's connection, and that to the model.
MOST_FILES = 65_536

# Which listener each worker has, by its age: a number that no other has had.
_slots: dict[int, int] = {}

_farewell: threading.Thread | None = None


def when_ready(server: Arbiter) -> None:
    """SIGHUP restarts the processes where several may serve, one after another: new ones take new
    connections while the old finish their replies. Elsewhere it stops the server, as it does at a
    terminal, which sends it when it is closed: a new process alone would take the old one's replies
    for abandoned.

    SIGTERM has it say so to proxies for a moment first, where that is asked for.
    """
    if seconds := float(os.environ.get(draining.SECONDS, "0")):
        draining.drain_before_stop(server, seconds)
    if os.environ.get(HANGUP_RESTARTS):
        return

    def stop(_number: int, frame: FrameType | None) -> None:
        server.signal(signal.SIGTERM, frame)

    signal.signal(signal.SIGHUP, stop)


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """Give it a listener: one that none of the others has, or at a restart one that is left."""
    taken = [_slots[other.age] for other in server.WORKERS.values()]
    _slots[worker.age] = min(range(len(server.LISTENERS)), key=taken.count)


def post_fork(_server: Arbiter, worker: Worker) -> None:
    worker.sockets = [worker.sockets[_slots[worker.age]]]
    end_with_parent(signal.SIGKILL)
    draining.listen_for_draining()
    if os.getppid() != worker.ppid:
        sys.exit("The server's main process is gone.")
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, MOST_FILES), hard))


def post_worker_init(worker: Worker) -> None:
    global _farewell
    # Django, so not before the worker is patched.
    from chatsite.server import lifecycle
    from chatsite.server.database_lock import DatabaseLock
    from chatsite.server.error_reports import start_reporting
    from chatsite.server.garbage import freeze_loaded_code
    from chatsite.server.tracing.exporter import start_tracing

    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    start_reporting()
    start_tracing()
    DatabaseLock().start()
    lifecycle.start_workers()
    freeze_loaded_code()
    _farewell = threading.Thread(target=_end_replies, args=(worker,), name="farewell", daemon=True)
    _farewell.start()


def pre_request(_worker: Worker, request: Any) -> None:
    """Called by either class of worker, when the headers of a request have come in."""
    request.began = time.perf_counter()
    request.body = RequestBody(request)
    request.body.socket.settimeout(SEND_TIMEOUT)


def post_request(_worker: Worker, request: Any, environ: dict[str, Any], response: Any) -> None:
    from chatsite.server.access_log import log_response

    request.body.close()
    if response is not None:
        seconds = time.perf_counter() - request.began
        log_response(environ, status=response.status_code, size=response.sent, seconds=seconds)


def _end_replies(worker: Worker) -> None:
    """Has the running replies end as soon as the worker is told to stop.

    gunicorn calls its own hook when every connection is gone, but a stream ends only when its
    reply does.
    """
    from chatsite.server import lifecycle
    from chatsite.server.tracing.exporter import stop_tracing

    while worker.alive:
        time.sleep(STOP_POLL)
    # What is sent until the last moment has its reply as well.
    time.sleep(STILL_LISTENING)
    lifecycle.stop_workers()
    stop_tracing()


def worker_abort(_worker: Worker) -> None:
    """It is killed because it gave no sign of life: that is no stop on purpose."""
    from chatsite.jobs import attempts

    attempts.mark_aborted()


def worker_exit(_server: Arbiter, worker: Worker) -> None:
    """Waits for the replies that nobody is watching."""
    worker.alive = False
    if _farewell:
        _farewell.join()

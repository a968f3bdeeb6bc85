"""Lets only a few messages be taken at a time, so that in a crowd the first are answered first.

Without it, fifty sends at once would all be saved, then all be sent to the model, then all be
followed: everybody would wait for everybody's share of the work. In turn, half of them have their
first word before half of the work is done.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

# SQLite takes one writer at a time anyway; on PostgreSQL a send may have to wait for a lock of its
# own user, and the others shouldn't wait with it.
PERMITS = {"sqlite": 1, "postgresql": 4}

# Seconds; gevent looks at its sockets only when somebody waits for time to pass, and those who are
# through go on first.
YIELD_SECONDS = 0.001

# Seconds that words after the first may be held up by those who are still to have their first.
LONGEST_YIELD = 0.5

ADMITTED = "chatsite.admitted"

type View = Callable[..., Any]

_permits = threading.BoundedSemaphore(PERMITS[connection.vendor])
_line = 0
_line_changes = threading.Lock()
_nobody_in_line = threading.Event()
_nobody_in_line.set()


def enter_queue() -> None:
    global _line
    with _line_changes:
        _line += 1
        _nobody_in_line.clear()
    _permits.acquire()
    time.sleep(YIELD_SECONDS)


def leave_queue() -> None:
    global _line
    _permits.release()
    with _line_changes:
        _line -= 1
        if not _line:
            _nobody_in_line.set()


def count_queued() -> int:
    """Return how many messages have come in and aren't through yet."""
    return _line


def yield_to_queue() -> None:
    """Waits, for a moment at most, until every message that has come in is taken."""
    _nobody_in_line.wait(LONGEST_YIELD)


@contextmanager
def outside_queue(request: HttpRequest) -> Iterator[None]:
    """Let others go on while something of a request takes long, as reading a file may."""
    if not request.META.pop(ADMITTED, False):
        yield
        return
    leave_queue()
    try:
        yield
    finally:
        enter_queue()
        request.META[ADMITTED] = True


def queued(view: View) -> View:
    """Mark a view whose POST requests are taken one after another."""
    view.is_queued = True  # type: ignore[attr-defined]
    return view


class AdmissionMiddleware:
    """Stands before whatever reads the session: the more is done in turn, the shorter the wait."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if ADMITTED in request.META:
                leave_queue()

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        match = request.resolver_match
        if request.method == "POST" and match and getattr(match.func, "is_queued", False):
            enter_queue()
            request.META[ADMITTED] = True

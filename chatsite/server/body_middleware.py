"""Receives the body of each request, or says why not, before anything reads of it.

It stands below what finds out who asks, and above all that runs for a view: a body that comes in
slowly holds no place in a queue and no connection to the database.
"""

import logging
import math
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any, cast

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from chatsite.core.connections import release_connection
from chatsite.server import refusals
from chatsite.server.body_slots import BodySlot, BodySlots
from chatsite.server.request_body import (
    BodyBrokenError,
    BodyNotAdmittedError,
    BodyTooLargeError,
    BodyTooSlowError,
    RequestBody,
)

logger = logging.getLogger(__name__)

# Seconds between two lines of the log about the same crowd.
LOG_INTERVAL = 60

type View = Callable[..., Any]


def accepts_body(limit: Callable[[HttpRequest], int]) -> Callable[[View], View]:
    """Marks a view that takes bodies of so many bytes from those who are signed in: asked for each
    request, where it is larger than usual.
    """

    def mark(view: View) -> View:
        view.max_body = limit  # type: ignore[attr-defined]
        return view

    return mark


class BodyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._slots = BodySlots(settings.MAX_UNREAD_BODIES)
        self._logged_at = -math.inf

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            self.receive(request)
        except BodyTooLargeError:
            return refusals.too_large(request)
        except BodyTooSlowError:
            return refusals.too_slow(request)
        except BodyNotAdmittedError:
            self.log_crowd()
            return refusals.busy_response(request)
        except BodyBrokenError:
            return HttpResponse(status=400)
        return self.get_response(request)

    def receive(self, request: HttpRequest) -> None:
        body = request.environ.get("wsgi.input")  # type: ignore[attr-defined]
        length = body.length if isinstance(body, RequestBody) else content_length(request)
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length is None or length > limit:
            limit = max_body(request, limit)
        if not isinstance(body, RequestBody):  # of another server: Django's own, or that of tests
            if length is not None and length > limit:
                raise BodyTooLargeError
            return
        if length == 0:
            return
        size = body.receive(limit, lambda interrupt: self.acquire_slot(request, interrupt))
        if length is None:
            # Django takes what comes in chunks for empty.
            request.META["CONTENT_LENGTH"] = str(size)
            request._stream = LimitedStream(cast(BytesIO, body), size)  # type: ignore[assignment]

    def acquire_slot(self, request: HttpRequest, interrupt: Callable[[], None]) -> BodySlot:
        user_id = request.user.pk if is_signed_in(request) else None
        release_connection()
        return self._slots.acquire(user_id, interrupt)

    def log_crowd(self) -> None:
        if time.monotonic() - self._logged_at < LOG_INTERVAL:
            return
        self._logged_at = time.monotonic()
        logger.warning(
            "Too many requests are sending their bodies slowly, so others are refused (503). "
            "A proxy that buffers requests keeps them away: docs/deploy.md."
        )


def content_length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH", "")
    return int(length) if length.isdecimal() else 0


def max_body(request: HttpRequest, usual: int) -> int:
    """Return how many bytes the route takes from whoever asks."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return usual
    find_limit: Callable[[HttpRequest], int] | None = getattr(view, "max_body", None)
    most = find_limit(request) if find_limit else usual
    return most if most > usual and is_signed_in(request) else usual


def is_signed_in(request: HttpRequest) -> bool:
    """Without asking the database for those who bring no session."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated

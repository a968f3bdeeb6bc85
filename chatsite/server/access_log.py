"""The access log: a line for each response, without what is private in its address.

Addresses hold secrets as well, such as an invitation's or a new password's: of what a route takes
from them only numbers and UUIDs are written, and of those that fit no route no long word.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

from chatsite.core.log_context import read_context
from chatsite.server.health import VIEWS

logger = logging.getLogger("chatsite.access")

# In the environment of a request, what the line says of its view.
ROUTE = "chatsite.route"
IDENTIFIER = re.compile(r"\d{1,20}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONG_WORD = re.compile(r"[^/]{25,}")


class RouteMiddleware:
    """Leaves the view's name and the address for the line: gunicorn has it written at the end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        request.META[ROUTE] = (name_view(request), describe_path(request))
        return response


def log_response(environ: dict[str, Any], *, status: int, size: int, seconds: float) -> None:
    """Write the line. Called in the thread that has answered, for the context."""
    route, path = environ.get(ROUTE, ("", ""))
    fields = {
        "method": str(environ.get("REQUEST_METHOD", ""))[:20],
        "route": route,
        "path": path,
        "status": status,
        "bytes": size,
        "milliseconds": round(seconds * 1000, 1),
    }
    logger.info(
        "%s %s %s %d, %d bytes, %.1f ms, request %s",
        *fields.values(),
        read_context().get("request", "–"),
        extra={"fields": fields},
    )


def name_view(request: HttpRequest) -> str:
    """Return the view's name; of what is answered without one, what kind of address it is."""
    if request.resolver_match:
        return request.resolver_match.view_name
    if request.path_info.startswith(settings.STATIC_URL):
        return "static"
    path = f"{request.path_info.rstrip('/')}/"
    return path.strip("/") if path in VIEWS else "unmatched"


def describe_path(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        is_static = request.path_info.startswith(settings.STATIC_URL)
        return request.path if is_static else LONG_WORD.sub("…", request.path)
    path = request.path
    for value in list_values(match):
        if value and not IDENTIFIER.fullmatch(value):
            path = path.replace(value, "…")
    return path


def list_values(match: ResolverMatch) -> list[str]:
    return [str(value) for value in (*match.args, *match.kwargs.values())]


class PathFilter(logging.Filter):
    """Django names addresses in what it says of responses: without their secrets then."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            path = describe_path(request)
            record.args = tuple(path if value == request.path else value for value in record.args)
        return True

"""A number for each request: in its log lines, in its response, and on pages of errors for users to
tell.

A proxy's own is kept, so that its log and this one can be put side by side; a client's isn't: lines
of others could be made to look like theirs.
"""

import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from chatsite.core.log_context import begin_context, read_context

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9_.-]{8,64}")


class RequestIdMiddleware:
    """The outermost. The context stays when a response is returned: streams go on in it, and the
    next request of this thread begins its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = read_forwarded_id(request) or secrets.token_hex(8)
        begin_context(request=request_id)
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response


def read_forwarded_id(request: HttpRequest) -> str:
    """Return what a trusted proxy calls the request; "" where none does, or not well."""
    told = request.headers.get(HEADER, "") if settings.TRUSTED_PROXY_COUNT else ""
    return told if WELL_FORMED.fullmatch(told) else ""


def current_request_id() -> str:
    """Return the number of the request that this thread answers; "" outside of one."""
    return read_context().get("request", "")

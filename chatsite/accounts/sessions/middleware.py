"""Sessions of pages that are only read: they are shown also while nothing can be written. And who
signs out leaves nothing in the browser's cache.
"""

import logging
from typing import Any

from django.contrib.sessions import middleware
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from chatsite.core.database_errors import is_unavailable

logger = logging.getLogger(__name__)


def on_signed_out(*, request: HttpRequest | None, **_signal: Any) -> None:
    if request:
        request.has_signed_out = True  # type: ignore[attr-defined]


class SessionMiddleware(middleware.SessionMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if getattr(request, "has_signed_out", False):
            # Pictures are kept there for a month, so that no page asks for them twice.
            response["Clear-Site-Data"] = '"cache"'
        try:
            return super().process_response(request, response)
        except DatabaseError as error:
            # What a form did must not seem done when its traces in the session are lost.
            if request.method not in ("GET", "HEAD") or not is_unavailable(error):
                raise
            logger.warning("a session can't be saved", exc_info=error)
            return response

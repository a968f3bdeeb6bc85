"""Sessions of pages that are only read: they are shown also while nothing can be written."""

import logging

from django.contrib.sessions import middleware
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from chatsite.core.database_errors import is_unavailable

logger = logging.getLogger(__name__)


class SessionMiddleware(middleware.SessionMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except DatabaseError as error:
            # What a form did must not seem done when its traces in the session are lost.
            if request.method not in ("GET", "HEAD") or not is_unavailable(error):
                raise
            logger.warning("a session can't be saved", exc_info=error)
            return response

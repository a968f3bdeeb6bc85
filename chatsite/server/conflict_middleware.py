"""The last resort of requests that crossed another one: a page that says so, not an error."""

import logging
from collections.abc import Callable
from typing import cast

from django.contrib.auth import get_user_model
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from chatsite.core.http import HtmxRequest
from chatsite.core.locks import is_conflict
from chatsite.server.error_pages import conflict_page

logger = logging.getLogger(__name__)


class ConflictMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not is_conflict_between_requests(exception):
            return None
        # It may be a fault of ours as well.
        logger.warning("%s crossed another request", request.path, exc_info=exception)
        return conflict_page(cast(HtmxRequest, request))


def is_conflict_between_requests(exception: Exception) -> bool:
    """What a page asks for by an id is looked up with care: a user that is missed like this was
    erased after their session had been read.
    """
    if isinstance(exception, DatabaseError):
        return is_conflict(exception)
    return isinstance(exception, get_user_model().DoesNotExist)

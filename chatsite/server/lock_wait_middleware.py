"""Requests wait for a locked database for a moment only; then their page says so."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from chatsite.core import lock_wait


class LockWaitMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with lock_wait.at_most(lock_wait.REQUEST):
            return self.get_response(request)

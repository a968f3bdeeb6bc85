"""A span for each request, until its response began: of a stream, not its events."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from chatsite.core.tracing import open_span
from chatsite.server.access_log import name_view

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class TracingMiddleware:
    """Behind what answers health checks and static files: nobody wants a trace of those."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.OTEL_EXPORTER_OTLP_ENDPOINT:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        method = request.method if request.method in METHODS else "other"
        with open_span(method, {"http.request.method": method}, is_served=True) as span:
            response = self.get_response(request)
            view = name_view(request)
            span.rename(f"{method} {view}")
            span.set({"chatsite.view": view, "http.response.status_code": response.status_code})
            if match := request.resolver_match:
                # The pattern: what stands in its places isn't said.
                span.set({"http.route": match.route})
            if response.status_code >= 500:
                span.fail(str(response.status_code))
            return response

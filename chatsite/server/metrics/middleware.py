"""Counts requests, and how long each took until its response began."""

import functools
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from chatsite.server.access_log import name_view
from chatsite.server.metrics.registry import get_metrics

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Seconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class RequestMetricsMiddleware:
    """Among the outermost: what those below refuse counts as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.requests, self.durations = make_request_metrics()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        view = name_view(request)
        method = request.method if request.method in METHODS else "other"
        self.requests.labels(view, method, f"{response.status_code // 100}xx").inc()
        self.durations.labels(view).observe(time.perf_counter() - began)
        return response


@functools.cache
def make_request_metrics() -> "tuple[Counter, Histogram]":
    from prometheus_client import Counter, Histogram

    registry = get_metrics().process
    return (
        Counter(
            "chatsite_http_requests",
            "Requests answered.",
            ("view", "method", "status"),
            registry=registry,
        ),
        Histogram(
            "chatsite_http_request_duration_seconds",
            "Time until the response began: of a stream, its first event is not waited for.",
            ("view",),
            buckets=BUCKETS,
            registry=registry,
        ),
    )

"""What load balancers, container engines and monitoring ask: is this process alive, can it do its
work, what does it count, do streams reach who asks?

Answered before a session is read or a host name is looked at, so that an answer is about the site
and not about who asks.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chatsite.server.draining import is_draining
from chatsite.server.metrics.views import show_metrics
from chatsite.server.readiness import readiness
from chatsite.server.streamz import PATH, streamz


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """Answer from memory: a process that does is worth keeping, whatever its database does."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 where everything works, else 503 and what doesn't, or that the server stops."""
    if is_draining():
        return JsonResponse({"status": "stopping", "checks": {}}, status=503)
    report = readiness.report()
    is_ready = not any(finding.problem for finding in report.values())
    return JsonResponse(
        {
            "status": "ok" if is_ready else "error",
            "checks": {name: finding.as_json() for name, finding in report.items()},
        },
        status=200 if is_ready else 503,
    )


VIEWS: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {
    "/livez/": livez,
    "/readyz/": readyz,
    # The older name.
    "/healthz/": readyz,
    "/metrics/": show_metrics,
    # Redirected to https as pages are, unlike those above: a proxy that causes a loop shows it.
    PATH: streamz,
}


class HealthMiddleware:
    """Stands before whatever may ask the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = VIEWS.get(f"{request.path_info.rstrip('/')}/")
        return view(request) if view else self.get_response(request)

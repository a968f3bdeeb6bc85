"""`/metrics/`: the numbers of all processes of the site, for who has the token."""

import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
def show_metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_TOKEN:
        return HttpResponse("Not found\n", status=404, content_type="text/plain")
    if not has_token(request):
        headers = {"WWW-Authenticate": "Bearer"}
        return HttpResponse(
            "Unauthorized\n", status=401, content_type="text/plain", headers=headers
        )
    return render_metrics(request)


def has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    is_right = hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    return is_right and scheme.lower() == "bearer"


@require_safe
def render_metrics(request: HttpRequest) -> HttpResponse:
    from prometheus_client.exposition import choose_encoder

    from chatsite.server.metrics.snapshots import SiteCollector

    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(SiteCollector()), content_type=content_type)

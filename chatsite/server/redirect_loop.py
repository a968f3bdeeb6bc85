"""Says in the log when a proxy doesn't tell that it was asked by https.

The site then takes every request for plain http and redirects it to https, for ever: a browser
shows "too many redirects", and nothing else tells why.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

# A browser follows twenty; one or two may be of people who typed http.
SUSPICIOUS = 3
HEADER = "X-Forwarded-Proto"


class RedirectLoopMiddleware:
    """Stands before the one that redirects; silent once a request has come by https."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.SECURE_SSL_REDIRECT:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._redirects = 0
        self._is_settled = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if self._is_settled:
            return response
        if request.is_secure():
            self._is_settled = True
        elif response.headers.get("Location", "").startswith("https://"):
            self._redirects += 1
            if self._redirects >= SUSPICIOUS:
                self._is_settled = True
                logger.warning(
                    "Every request so far came as plain http and was redirected to %s: "
                    "%s. Where the proxy already speaks https, that is a loop. Have it send "
                    "“%s: https” (docs/deploy.md).",
                    settings.PUBLIC_URL,
                    explain_loop(request),
                    HEADER,
                )
        return response


def explain_loop(request: HttpRequest) -> str:
    if not settings.TRUSTED_PROXY_COUNT:
        return f"TRUSTED_PROXY_COUNT is 0, so {HEADER} isn't believed"
    told = request.headers.get(HEADER)
    return f"{HEADER} was {told[:20]!r}" if told else f"{HEADER} is missing"

"""What requests are, and what they may say: a safe way back, the message that was sent."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """What HtmxMiddleware makes of a request; `htmx` is true when htmx sent it."""

    htmx: HtmxDetails


def safe_local_path(url: str) -> str:
    """The path and query of an address; "/" where it has none of this site's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return page if page.startswith("/") and url_has_allowed_host_and_scheme(page, None) else "/"


def sent_text(request: HttpRequest) -> str:
    """The message: what a starter's button sends where the box is empty."""
    return next((text for text in request.POST.getlist("text") if text.strip()), "")

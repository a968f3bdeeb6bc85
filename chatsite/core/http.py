"""What requests are, what they may say, and what is said to htmx: a sentence."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """What HtmxMiddleware makes of a request; `htmx` is true when htmx sent it."""

    htmx: HtmxDetails


def render_sentence(sentence: str, *, status: int) -> HttpResponse:
    """Answer htmx, which puts it where the page wants it: in a toast, or beside a field."""
    return HttpResponse(sentence, status=status, content_type="text/plain")


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

"""Links that leave the site: in mails, and for administrators to hand on."""

from allauth.core import context
from django.conf import settings


def make_absolute_url(path: str) -> str:
    """Where people reach the site. Without PUBLIC_URL it is where this request came in; a terminal
    knows only the port.
    """
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    if context.request:
        return str(context.request.build_absolute_uri(path))
    return f"http://localhost:{settings.PORT}{path}"

"""Where somebody goes on after signing in, or after what came in between."""

from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme


def safe_local_path(url: str) -> str:
    """The path and query of an address; "/" where it has none of this site's."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    page = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return page if page.startswith("/") and url_has_allowed_host_and_scheme(page, None) else "/"

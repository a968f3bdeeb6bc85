"""Django's mailers from `EMAIL_URL`."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TIMEOUT = 10  # seconds; somebody waits for the page that sends the mail
SMTP = {"smtp": {}, "smtp+tls": {"use_tls": True}, "smtps": {"use_ssl": True}}
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def read_mailers(url: str) -> dict[str, Any]:
    """Read `EMAIL_URL`. `console:` prints mail, `file:///folder` writes it to files. Raises
    ImproperlyConfigured.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return build_mailer("console")
    if parts.scheme == "file" and parts.path:
        return build_mailer("filebased", file_path=unquote(parts.path))
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if parts.scheme not in SMTP or not host:
        raise ImproperlyConfigured(
            "EMAIL_URL can't be read. It looks like smtp+tls://user:password@mail.example.com:587; "
            "smtps:// is for TLS from the start, smtp:// for a server on this machine."
        )
    return build_mailer(
        "smtp",
        host=host,
        port=port or PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        timeout=TIMEOUT,
        **SMTP[parts.scheme],
    )


def build_mailer(backend: str, **options: Any) -> dict[str, Any]:
    return {
        "default": {
            "BACKEND": f"django.core.mail.backends.{backend}.EmailBackend",
            "OPTIONS": options,
        }
    }

"""Where passkeys work: on https, and on localhost; never at an address of numbers."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from chatsite import env


@dataclass(frozen=True)
class PasskeyObstacle:
    """Why passkeys don't work on the page that is open."""

    # The same page at an address where they do; "" where there is none.
    elsewhere: str = ""


def find_passkey_domain(request: HttpRequest) -> str:
    """Return the domain of passkeys. A proxy may put a name of its own into a request."""
    name = urlsplit(settings.PUBLIC_URL if settings.HTTPS else f"//{request.get_host()}").hostname
    return name or ""


def find_passkey_obstacle(request: HttpRequest) -> PasskeyObstacle | None:
    host = find_passkey_domain(request)
    if not env.is_loopback(host):
        return None if request.is_secure() else PasskeyObstacle()
    if "localhost" in host:
        return None
    return PasskeyObstacle(f"http://localhost:{request.get_port()}{request.get_full_path()}")

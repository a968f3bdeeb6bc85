"""Where passkeys work: on https, and on localhost; never at an address of numbers."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Obstacle:
    """Why passkeys don't work on the page that is open."""

    # The same page at an address where they do; "" where there is none.
    elsewhere: str = ""


def domain(request: HttpRequest) -> str:
    """Whose passkeys they are. A proxy may put a name of its own into a request."""
    name = urlsplit(settings.PUBLIC_URL if settings.HTTPS else f"//{request.get_host()}").hostname
    return name or ""


def obstacle(request: HttpRequest) -> Obstacle | None:
    host = domain(request)
    if is_loopback(host):
        port = f":{request.get_port()}"
        return Obstacle(f"http://localhost{port}{request.get_full_path()}")
    is_local = host == "localhost" or host.endswith(".localhost")
    return None if request.is_secure() or is_local else Obstacle()


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

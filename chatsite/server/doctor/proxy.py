"""What stands before the site: whether it passes on what is streamed, piece by piece."""

import time
from collections.abc import Iterator

import requests
from django.conf import settings

from chatsite.server.doctor.database import is_server_running
from chatsite.server.doctor.findings import Finding, not_checked, ok, wrong
from chatsite.server.streamz import PATH, PAUSE, PIECES

TIMEOUT = 5  # seconds, to connect and for each piece
# Of a proxy that has no site behind it.
AWAY = {502, 503, 504}
LARGEST = 1_000  # bytes; another site's page may go on and on
# What was sent with pauses comes with about the same ones; a busy machine makes them shorter.
LEAST_SPREAD = PAUSE * (len(PIECES) - 1) / 2


def check_proxy() -> Iterator[Finding]:
    if not settings.PUBLIC_URL:
        yield not_checked("PUBLIC_URL is not set")
        return
    yield fetch_stream(f"{settings.PUBLIC_URL}{PATH}")


def fetch_stream(url: str) -> Finding:
    try:
        with requests.get(
            url,
            stream=True,
            timeout=TIMEOUT,
            allow_redirects=False,
            headers={"Accept-Encoding": "identity"},
        ) as response:
            if response.status_code != 200:
                return explain_status(response, url)
            return judge_pieces(response, url)
    except requests.exceptions.SSLError:
        return wrong(
            f"{url} shows no certificate that is trusted here",
            "Renew the proxy's certificate, or set REQUESTS_CA_BUNDLE to your own authority's.",
        )
    except requests.RequestException as error:
        if not is_server_running():
            return not_checked(f"{url} doesn't answer, and no server is running here")
        return wrong(
            f"{url} can't be reached from here ({type(error).__name__})",
            f"Check PUBLIC_URL, its name in the DNS, and the proxy. From outside: curl -N {url}",
        )


def explain_status(response: requests.Response, url: str) -> Finding:
    status = response.status_code
    if status in AWAY:
        if not is_server_running():
            return not_checked(f"{url} answers {status}, and no server is running here")
        return wrong(
            f"{url} answers {status}: the proxy doesn't reach the site",
            f"Have it pass requests on to 127.0.0.1:{settings.PORT} (docs/deploy.md).",
        )
    if response.headers.get("Location", "").rstrip("/") == url.rstrip("/"):
        return wrong(
            f"{url} is redirected to itself, for ever",
            "Have the proxy send “X-Forwarded-Proto: https” (docs/deploy.md).",
        )
    return wrong(
        f"{url} answers {status}, not what the site says there",
        "Check that PUBLIC_URL leads to this site, and that the proxy passes on every path.",
    )


def judge_pieces(response: requests.Response, url: str) -> Finding:
    received, times = b"", []
    for piece in response.iter_content(chunk_size=None):
        received += piece
        times.append(time.monotonic())
        if len(received) > LARGEST:
            break
    if received != b"".join(PIECES):
        return wrong(
            f"{url} says something else than the site does there",
            "Check that PUBLIC_URL leads to this site.",
        )
    spread = times[-1] - times[0]
    if spread < LEAST_SPREAD:
        return wrong(
            f"{url} comes all at once: replies will too, at their end",
            "Have the proxy pass streams on unbuffered and uncompressed (docs/deploy.md).",
        )
    return ok(f"{url} comes piece by piece, over {spread:.1f} s")

"""Reports of errors: where they go, and what isn't in them."""

import gzip
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from pytest_django import Settings

from chatsite.server.error_reports import require_library
from chatsite.server.startup import LaunchError
from tests.e2e.site import ROOT, Site

SECRET = "what alice wrote"
FAILING = f"""
import logging
import sentry_sdk
from chatsite.core.log_context import bind_context
from chatsite.server.error_reports import start_reporting
start_reporting()
bind_context(request="r1")
local = {SECRET!r}
try:
    raise ValueError({SECRET!r})
except ValueError:
    logging.getLogger("chatsite").exception("reply %s broke", {SECRET!r})
sentry_sdk.flush(10)
"""


UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


class Collector(HTTPServer):
    """What Sentry is to the library: it takes reports, and keeps them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[bytes] = []

    @property
    def dsn(self) -> str:
        return f"http://key@127.0.0.1:{self.server_port}/1"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(UNPACK[self.headers["Content-Encoding"]](body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing, in a test."""


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        yield collector
        collector.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def report(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Of an error that something else was in."""
    site = Site(tmp_path_factory.mktemp("reporting"), "", SENTRY_DSN=collector.dsn)
    subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", FAILING],
        cwd=ROOT,
        env=site.environment,
        check=True,
        capture_output=True,
    )
    (envelope,) = collector.received
    event: dict[str, Any] = json.loads(envelope.splitlines()[2])
    return event


def test_an_error_is_reported_with_its_place_and_its_request(report: dict[str, Any]) -> None:
    (error,) = report["exception"]["values"]
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["lineno"]
    assert report["tags"] == {"request": "r1"}


def test_a_report_has_nothing_that_somebody_wrote(report: dict[str, Any]) -> None:
    assert report["logentry"] == {"message": "reply %s broke"}
    # The script that fails says it, of which a line is shown.
    for frame in report["exception"]["values"][0]["stacktrace"]["frames"]:
        frame.pop("context_line", None)
    assert SECRET not in json.dumps(report)


def test_an_address_that_is_none_is_refused_at_the_start(settings: Settings) -> None:
    settings.SENTRY_DSN = "sentry.example.com"
    with pytest.raises(LaunchError, match="It looks like https"):
        require_library()


def test_without_the_library_the_start_says_how_to_install_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SENTRY_DSN = "https://key@sentry.example.com/1"
    monkeypatch.setattr("chatsite.server.error_reports.find_spec", lambda _name: None)
    with pytest.raises(LaunchError, match="pip install sentry-sdk"):
        require_library()

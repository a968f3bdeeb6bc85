"""Traces are sent by a thread of the process, from a queue that drops what it has no room for."""

import os
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.conf import settings

from chatsite.core import tracing
from chatsite.server.startup import LaunchError
from chatsite.server.tracing import calls
from chatsite.version import read_version

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

PACKAGES = ("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http")
PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL"

# Seconds that the last spans get when the process ends; a collector that is away costs no more.
FAREWELL = 1.5

_provider: "TracerProvider | None" = None


def require_library() -> None:
    """At the start of the server: raises LaunchError where traces are wanted and can't be sent."""
    endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    if not endpoint:
        return
    if not is_installed():
        names = " ".join(PACKAGES)
        raise LaunchError(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is set, and OpenTelemetry is not installed. Install it "
            f"(.venv/bin/pip install {names}), or leave OTEL_EXPORTER_OTLP_ENDPOINT out."
        )
    if not endpoint.startswith(("http://", "https://")):
        raise LaunchError(
            "OTEL_EXPORTER_OTLP_ENDPOINT must look like http://collector.example.com:4318."
        )
    if (protocol := os.environ.get(PROTOCOL) or "http/protobuf") != "http/protobuf":
        raise LaunchError(f"{PROTOCOL} must be http/protobuf, not {protocol!r}.")


def is_installed() -> bool:
    # Not the whole name at once: that would raise where its first parts are missing.
    parts = "opentelemetry.sdk", "opentelemetry.exporter", "opentelemetry.exporter.otlp"
    return find_spec("opentelemetry") is not None and all(map(find_spec, parts))


def start_tracing() -> None:
    """In a process that serves, after it was forked."""
    global _provider
    endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    if not endpoint:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.util.re import parse_env_headers

    version = read_version(settings.BASE_DIR / "CHANGELOG.md")
    resource = {"service.name": settings.OTEL_SERVICE_NAME, "service.version": version}
    exporter = OTLPSpanExporter(
        f"{endpoint.rstrip('/')}/v1/traces",
        headers=parse_env_headers(settings.OTEL_EXPORTER_OTLP_HEADERS, liberal=True),
    )
    # Ended by us, who wait no longer than is said here.
    _provider = TracerProvider(resource=Resource.create(resource), shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(exporter))
    tracing.use_tracer(_provider.get_tracer("chatsite"))
    calls.trace_http_calls()
    calls.trace_queries()


def stop_tracing() -> None:
    """Send what is left, if somebody takes it at once."""
    if _provider:
        last = threading.Thread(target=_provider.shutdown, name="last-spans", daemon=True)
        last.start()
        last.join(FAREWELL)

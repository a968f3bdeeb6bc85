"""Traces: what is sent of a request and of a reply's life, and that nothing private is."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from pytest_django import Settings

from chatsite.server.startup import LaunchError
from chatsite.server.tracing.calls import describe_statement
from chatsite.server.tracing.exporter import require_library
from conversations.offline_model import Fault, OfflineModel
from tests.e2e.site import PASSWORD, Site
from tests.server.startup.visitor import Visitor
from tests.waiting import wait_until

TIMEOUT = 60.0
ASKED, REPLIED, TITLE, SEARCHED = "zebra-question", "walrus-answer", "otter-title", "lynx-words"
KEY = "key-of-the-tests"
HEADER = "secret-of-the-collector"


class Collector(HTTPServer):
    """What takes traces, and keeps them as they came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: list[bytes] = []
        self.headers: list[str | None] = []

    def list_spans(self) -> list[Span]:
        return [
            span
            for body in self.bodies
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def wait_for(self, wanted: Callable[[Span], bool]) -> Span:
        return wait_until(
            lambda: next(filter(wanted, self.list_spans()), None),
            "the span",
            TIMEOUT,
            instead=lambda: [span.name for span in self.list_spans()],
        )

    def wait_for_name(self, name: str) -> Span:
        return self.wait_for(lambda span: span.name == name)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        self.server.headers.append(self.headers["X-Token"])
        self.server.bodies.append(body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing, in a test."""


@dataclass(frozen=True)
class Traced:
    """What was sent of one visit: a message, a new title, a search."""

    collector: Collector
    reply: Span
    began: Span

    def list_children(self, parent: Span) -> list[Span]:
        spans = self.collector.list_spans()
        return [span for span in spans if span.parent_span_id == parent.span_id]


@pytest.fixture(scope="module")
def model() -> Iterator[OfflineModel]:
    with OfflineModel() as model:
        yield model


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with Collector() as collector:
        thread = threading.Thread(target=collector.serve_forever)
        thread.start()
        yield collector
        collector.shutdown()
        thread.join()


@pytest.fixture(scope="module", params=["gevent", "gthread"])
def traced(
    request: pytest.FixtureRequest,
    collector: Collector,
    model: OfflineModel,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Traced]:
    collector.bodies.clear()
    environment = {
        "WORKER_CLASS": request.param,
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        "OTEL_EXPORTER_OTLP_HEADERS": f"x-token={HEADER}",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "SHUTDOWN_GRACE": "0",
    }
    with Site(tmp_path_factory.mktemp("traced"), model.base_url, **environment) as site:
        site.manage("migrate", "--verbosity=0")
        site.make_users()
        site.start()
        model.script(Fault(text=REPLIED))
        visitor = Visitor(site)
        path = visitor.send(ASKED)
        visitor.wait_for_reply(path, "complete")
        visitor.post(f"{path}rename/", title=TITLE)
        visitor.get(f"/conversations/search/?q={SEARCHED}")
        visitor.get(f"/nowhere/{SEARCHED}/?q={SEARCHED}")
        collector.wait_for_name("GET unmatched")
        reply = collector.wait_for_name("reply")
        began = collector.wait_for(lambda span: span.span_id == reply.links[0].span_id)
        yield Traced(collector, reply, began)


def attributes(span: Span) -> dict[str, str | int]:
    return {pair.key: pair.value.string_value or pair.value.int_value for pair in span.attributes}


def test_a_request_is_named_by_its_view(traced: Traced) -> None:
    assert traced.began.name == "POST conversations:new"
    values = attributes(traced.began)
    assert values["http.response.status_code"] == 302
    assert len(str(values["chatsite.request"])) == 16


def test_a_request_has_what_it_asked_the_database(traced: Traced) -> None:
    children = traced.list_children(traced.began)
    inserts = [span for span in children if span.name == "INSERT conversations_message"]
    assert inserts
    assert {pair.key for pair in inserts[0].attributes} == {
        *("db.system.name", "db.operation.name", "db.collection.name")
    }


def test_a_reply_says_how_it_went_and_which_request_began_it(traced: Traced) -> None:
    values = attributes(traced.reply)
    assert values["chatsite.reply.status"] == "complete"
    assert values["chatsite.reply"]
    assert values["gen_ai.usage.output_tokens"]
    assert values["chatsite.request"] == attributes(traced.began)["chatsite.request"]
    assert [event.name for event in traced.reply.events] == ["first word"]
    assert traced.reply.links[0].trace_id == traced.began.trace_id


def test_a_reply_has_its_call_to_the_model(traced: Traced, model: OfflineModel) -> None:
    [call] = [span for span in traced.list_children(traced.reply) if span.name == "POST"]
    assert attributes(call) == {
        "http.request.method": "POST",
        "server.address": "127.0.0.1",
        "server.port": int(model.base_url.split(":")[2].partition("/")[0]),
        "http.response.status_code": 200,
    }


def test_nothing_private_is_sent(traced: Traced) -> None:
    sent = b"".join(traced.collector.bodies)
    assert b"chatsite" in sent
    for private in (ASKED, REPLIED, TITLE, SEARCHED, KEY, HEADER, PASSWORD, "alice", "WHERE"):
        assert private.encode() not in sent


def test_the_collector_is_told_who_sends(traced: Traced) -> None:
    assert set(traced.collector.headers) == {HEADER}


def test_health_checks_and_files_have_no_traces(traced: Traced) -> None:
    names = {span.name for span in traced.collector.list_spans()}
    assert not {"GET readyz", "GET healthz", "GET livez", "GET static"} & names


@pytest.mark.parametrize("kind", ["away", "silent"])
def test_a_collector_that_takes_nothing_costs_the_site_nothing(
    kind: str, model: OfflineModel, tmp_path: Path
) -> None:
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        if kind == "silent":
            silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
            "OTEL_BSP_SCHEDULE_DELAY": "10",
            "OTEL_BSP_MAX_QUEUE_SIZE": "8",
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "4",
            "SHUTDOWN_GRACE": "0",
        }
        with Site(tmp_path, model.base_url, **environment) as site:
            site.start()
            for _ in range(20):
                response = requests.get(f"{site.url}/accounts/login/", timeout=TIMEOUT)
                assert response.status_code == 200
            began = time.monotonic()
            site.stop()
            assert site.process
            assert site.process.returncode == 0
            # An export tries for ten seconds.
            assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    ("sql", "described"),
    [
        (
            'SELECT "a"."text" FROM "conversations_message" WHERE x',
            ("SELECT", "conversations_message"),
        ),
        ("UPDATE conversations_message SET text = 'secret'", ("UPDATE", "conversations_message")),
        ("SELECT 'words from secret'", ("SELECT", "")),
        ("secret", ("other", "")),
        ("", ("other", "")),
        (b"SELECT", ("other", "")),
    ],
)
def test_of_a_statement_its_verb_and_table_are_said(
    sql: object, described: tuple[str, str]
) -> None:
    assert describe_statement(sql) == described


def test_an_address_that_is_none_is_refused_at_the_start(settings: Settings) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "collector:4317"
    with pytest.raises(LaunchError, match="must look like http"):
        require_library()


def test_a_protocol_that_is_not_spoken_is_refused_at_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://collector:4317"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    with pytest.raises(LaunchError, match="must be http/protobuf, not 'grpc'"):
        require_library()


def test_without_the_library_the_start_says_how_to_install_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://collector:4318"
    monkeypatch.setattr("chatsite.server.tracing.exporter.find_spec", lambda _name: None)
    with pytest.raises(LaunchError, match="pip install opentelemetry-sdk"):
        require_library()

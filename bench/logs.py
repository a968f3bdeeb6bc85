"""What logs and traces cost: sites that differ in nothing else, side by side, in turns."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench import replies
from bench.load import warm_up
from bench.processes import cpu_seconds
from bench.report import Row, median
from bench.stage import Stage, stage

CLIENTS = 20
REQUESTS = 2_000
ROUNDS = 3
# The lightest address there is: what a line costs isn't lost in what the page does.
LIGHT = "/livez/"

KINDS = {
    "text": {},
    "JSON": {"LOG_FORMAT": "json"},
    "text and access log": {"ACCESS_LOG": "true"},
    "JSON and access log": {"LOG_FORMAT": "json", "ACCESS_LOG": "true"},
}
TRACES = "text and traces"


def rows() -> Iterator[Row]:
    with ExitStack() as stack:
        endpoint = stack.enter_context(collector())
        kinds = KINDS | {TRACES: {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}}
        places = {
            name: stack.enter_context(stage(**environment)) for name, environment in kinds.items()
        }
        per_reply: dict[str, list[float]] = {name: [] for name in kinds}
        per_request: dict[str, list[float]] = {name: [] for name in kinds}
        people = {name: place.people(CLIENTS) for name, place in places.items()}
        for place in places.values():
            warm_up(place)
        for _ in range(ROUNDS):
            for name, place in places.items():
                before = cpu_seconds(place.pid)
                replies.through_site(place.address, people[name])
                per_reply[name].append((cpu_seconds(place.pid) - before) / CLIENTS)
                per_request[name].append(measure_request(place))
    for name in kinds:
        reply, request = median(per_reply[name]), median(per_request[name])
        more = reply - median(per_reply["text"]), request - median(per_request["text"])
        yield Row(
            f"logs, {name}: processor time of the server a reply / the lightest request",
            f"{reply * 1e3:.1f} ms / {request * 1e3:.2f} ms",
            compared=f"{more[0] * 1e3:+.1f} ms / {more[1] * 1e3:+.2f} ms",
        )


def measure_request(place: Stage) -> float:
    connection = HTTPConnection(place.address.host, place.address.port)
    before = cpu_seconds(place.pid)
    for _ in range(REQUESTS):
        connection.request("GET", LIGHT)
        assert connection.getresponse().read()
    connection.close()
    return (cpu_seconds(place.pid) - before) / REQUESTS


@contextmanager
def collector() -> Iterator[str]:
    """The address of one that takes traces and forgets them."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Collector(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""

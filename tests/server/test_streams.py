"""More streams than there is room for, of a server in a process of its own."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.e2e.site import PASSWORD, Site
from tests.server.raw_http import TIMEOUT, Line, head


@dataclass
class Reply:
    """One of alice's that grows only as its gate lets it, and where it is streamed from."""

    site: Site
    stream: bytes

    def open_stream(self) -> Line:
        """Returns when the first event is there."""
        line = Line(self.site.port, self.stream)
        assert line.socket.recv(65536).startswith(b"HTTP/1.1 200 ")
        return line


@pytest.fixture
def reply(request: pytest.FixtureRequest, prepared: Path, tmp_path: Path) -> Iterator[Reply]:
    gate = Gate()
    with OfflineModel() as model:
        site = Site(tmp_path, model.base_url, SHUTDOWN_GRACE="0.2", **request.param)
        site.begin_as(prepared)
        site.start()
        model.script(Fault(text="One two three.", gate=gate))
        yield ask(site)
        gate.open()
        site.stop()


def ask(site: Site) -> Reply:
    """Signs in and sends a message."""
    session = requests.Session()
    session.get(f"{site.url}/accounts/login/", timeout=TIMEOUT)
    post(session, f"{site.url}/accounts/login/", login="alice", password=PASSWORD)
    page = post(session, f"{site.url}/", text="Hello", token="once")
    path = page.partition('hx-sse:connect="')[2].partition('"')[0]
    cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
    return Reply(site, head(f"Cookie: {cookie}", path=path, method="GET"))


def post(session: requests.Session, url: str, **fields: str) -> str:
    fields["csrfmiddlewaretoken"] = session.cookies["csrftoken"]
    response = session.post(url, data=fields, timeout=TIMEOUT)
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("reply", [{"MAX_STREAMS_PER_USER": "3"}], indirect=True)
def test_a_hundred_streams_of_one_user_leave_room_for_pages(reply: Reply) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(reply.open_stream()) for _ in range(110)]
        for line in lines[:-3]:
            line.read_until(b"event: end")
        page = requests.get(f"{reply.site.url}/accounts/login/", timeout=TIMEOUT)
        assert page.status_code == 200


@pytest.mark.parametrize("reply", [{"MAX_CONNECTIONS": "10"}], indirect=True)
def test_beyond_its_requests_at_once_only_health_is_answered(reply: Reply) -> None:
    with ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(reply.open_stream())
        page = requests.get(f"{reply.site.url}/accounts/login/", timeout=TIMEOUT)
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "5"
        assert "The server is busy" in page.text
        assert requests.get(f"{reply.site.url}/livez/", timeout=TIMEOUT).status_code == 200

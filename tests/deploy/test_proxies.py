"""The configurations of docs/deploy.md, in front of a real site: what its pages promise holds."""

import json
import os
import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPSConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.deploy.certificates import Certificate, make_certificate
from tests.deploy.proxies import HOST, Proxy, find_program, start_caddy, start_nginx
from tests.e2e.inhabited import inhabited_folder
from tests.e2e.site import PASSWORD, Site

TIMEOUT = 60.0
MEGABYTE = 1024 * 1024
START = {"nginx": start_nginx, "caddy": start_caddy}


class Browser:
    """Speaks https to the proxy by the name of the site, and keeps cookies."""

    def __init__(self, proxy: Proxy, certificate: Certificate) -> None:
        self._proxy = proxy
        self._tls = ssl.create_default_context(cafile=str(certificate.path))
        self.cookies: dict[str, str] = {}

    def ask(
        self, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers."""
        connection = Connection(self._proxy, self._tls)
        body = urlencode(form | {"csrfmiddlewaretoken": self.cookies["csrftoken"]}) if form else ""
        connection.request("POST" if form else "GET", path, body, self.headers() | headers)
        response = connection.getresponse()
        self.cookies |= {
            name: morsel.value
            for line in response.headers.get_all("Set-Cookie", [])
            for name, morsel in SimpleCookie(line).items()
        }
        text = response.read().decode()
        connection.close()
        return response.status, text, {k.lower(): v for k, v in response.getheaders()}

    def headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Host": HOST,
            "Referer": f"https://{HOST}/",
        }

    def open_stream(self, path: str) -> ssl.SSLSocket:
        """The raw line: what comes is there to be read at once, or it isn't."""
        raw = socket.create_connection(("127.0.0.1", self._proxy.port), TIMEOUT)
        line = self._tls.wrap_socket(raw, server_hostname=HOST)
        fields = "".join(f"{name}: {value}\r\n" for name, value in self.headers().items())
        line.sendall(f"GET {path} HTTP/1.1\r\n{fields}Connection: close\r\n\r\n".encode())
        return line

    def protocols(self) -> str | None:
        """What is agreed on with a browser that speaks HTTP/2."""
        self._tls.set_alpn_protocols(["h2", "http/1.1"])
        raw = socket.create_connection(("127.0.0.1", self._proxy.port), TIMEOUT)
        with self._tls.wrap_socket(raw, server_hostname=HOST) as line:
            return line.selected_alpn_protocol()


class Connection(HTTPSConnection):
    """To the proxy on this machine, whatever the name of the site."""

    def __init__(self, proxy: Proxy, tls: ssl.SSLContext) -> None:
        super().__init__(HOST, proxy.port, timeout=TIMEOUT, context=tls)
        self._tls = tls

    def connect(self) -> None:
        raw = socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
        self.sock = self._tls.wrap_socket(raw, server_hostname=HOST)


@pytest.fixture(scope="module")
def model() -> Iterator[OfflineModel]:
    with OfflineModel() as model:
        yield model


@pytest.fixture(scope="module")
def site(model: OfflineModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    public = {"PUBLIC_URL": f"https://{HOST}", "SHUTDOWN_GRACE": "0.2"}
    with Site(tmp_path_factory.mktemp("proxied"), model.base_url, **public) as site:
        site.begin_as(inhabited_folder())
        site.start()
        yield site


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"), HOST)


@pytest.fixture(scope="module", params=START)
def proxy(
    request: pytest.FixtureRequest,
    site: Site,
    certificate: Certificate,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Proxy]:
    name = request.param
    if not find_program(name):
        reason = f"{name} is not installed, so its configuration can't be tried"
        pytest.fail(reason) if os.environ.get("REQUIRE_ALL") else pytest.skip(reason)
    folder: Path = tmp_path_factory.mktemp(name)
    folder.chmod(0o755)  # nginx's workers are another user
    proxy = START[name](folder, site.port, certificate)
    yield proxy
    proxy.stop()


@pytest.fixture
def browser(proxy: Proxy, certificate: Certificate) -> Browser:
    return Browser(proxy, certificate)


@pytest.fixture
def alice(browser: Browser) -> Browser:
    browser.ask("/accounts/login/")
    status, _, headers = browser.ask("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert status == 302, headers
    return browser


def test_signing_in_works_over_https(alice: Browser) -> None:
    status, text, _ = alice.ask("/")
    assert status == 200
    assert "alice" in text


def test_the_site_knows_that_it_is_asked_by_https(browser: Browser) -> None:
    status, _, headers = browser.ask("/accounts/login/")
    assert status == 200
    assert "strict-transport-security" in headers
    assert "Secure" in headers["set-cookie"]


def test_what_a_client_claims_of_its_line_is_replaced(browser: Browser) -> None:
    claim = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "10.9.8.7"}
    assert browser.ask("/accounts/login/", None, **claim)[0] == 200


def test_plain_http_is_sent_to_https(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.plain_port), TIMEOUT) as line:
        line.sendall(f"GET /c/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = line.recv(65536).decode()
    assert answer.split()[1] in {"301", "308"}
    assert f"https://{HOST}/c/" in answer


def test_browsers_are_offered_http_2(browser: Browser) -> None:
    assert browser.protocols() == "h2"


def test_a_body_that_is_too_large_is_refused(alice: Browser) -> None:
    assert alice.ask("/", {"text": "x" * 6 * MEGABYTE})[0] == 413


def test_a_stream_is_passed_on_word_by_word(alice: Browser, model: OfflineModel) -> None:
    gate = Gate()
    model.script(Fault(text="One two three four.", gate=gate))
    path = ask_for_a_reply(alice)
    with alice.open_stream(path) as line:
        gate.release()
        read_until(line, "One")
        gate.open()
        read_until(line, "event: end")


def ask_for_a_reply(browser: Browser) -> str:
    """Sends a message; returns the path of the reply's stream."""
    _, _, headers = browser.ask("/", {"text": "Hello", "token": json.dumps(browser.cookies)})
    _, text, _ = browser.ask(headers["location"])
    return text.partition('hx-sse:connect="')[2].partition('"')[0]


def read_until(line: ssl.SSLSocket, words: str) -> None:
    received = ""
    while words not in received:
        part = line.recv(65536)
        assert part, received
        received += part.decode()

"""The configurations of docs/deploy.md, in front of a real site: what its pages promise holds."""

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.deploy.browser import TIMEOUT, Browser, ask_for_a_reply, sign_in
from tests.deploy.certificates import Certificate, make_certificate
from tests.deploy.proxies import HOST, START, Proxy, require_program
from tests.e2e.inhabited import inhabited_folder
from tests.e2e.site import Site

MEGABYTE = 1024 * 1024


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
    require_program(name)
    folder: Path = tmp_path_factory.mktemp(name)
    folder.chmod(0o755)  # nginx's workers are another user
    proxy = START[name](folder, [site.port], certificate)
    yield proxy
    proxy.stop()


@pytest.fixture
def browser(proxy: Proxy, certificate: Certificate) -> Browser:
    return Browser(proxy, certificate)


@pytest.fixture
def alice(browser: Browser) -> Browser:
    return sign_in(browser)


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


def read_until(line: ssl.SSLSocket, words: str) -> None:
    received = ""
    while words not in received:
        part = line.recv(65536)
        assert part, received
        received += part.decode()

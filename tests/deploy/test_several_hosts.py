"""Two hosts of one site, each a server of its own, behind nginx and Caddy as docs/deploy.md sets
them up: streams are spread evenly, go on elsewhere, and nobody is refused while one stops.
"""

import re
import select
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from conversations.offline_model import Fault, Gate, OfflineModel
from tests.deploy.browser import TIMEOUT, Browser, Stream, ask_for_a_reply, sign_in
from tests.deploy.certificates import Certificate, make_certificate
from tests.deploy.proxies import HOST, START, Proxy, require_program
from tests.e2e.site import Site
from tests.faults.redis_process import RedisProcess
from tests.server.startup.postgresql import own_database
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="Only on PostgreSQL")

TOKEN = "a-token-of-the-tests"
STREAMS = 40
# Seconds between two readers who come one after another.
PAUSE = 0.005


class Host(Site):
    """One of the two."""

    def count(self, metric: str) -> int:
        """The sum of what it counts under that name; a pattern of a label may follow."""
        numbers = self.fetch("/metrics/", {"Authorization": f"Bearer {TOKEN}"})
        return sum(int(float(n)) for n in re.findall(rf"^{metric}.* (\S+)$", numbers, re.MULTILINE))

    def count_streams(self) -> int:
        return self.count('chatsite_open_streams{.*kind="reply"')

    def count_sign_in_pages(self) -> int:
        return self.count('chatsite_http_requests_total{.*view="account_login"')

    def __exit__(self, *_error: object) -> None:
        if self.process and self.process.poll() is None:
            # Told kindly, it would wait for a second time.
            self.stop(signal.SIGKILL)
        self.close_files()

    def begin_stop(self) -> None:
        """It says that it stops, and serves until it is told a second time."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)


@dataclass
class Hosts:
    one: Host
    other: Host
    proxy: Proxy
    model: OfflineModel
    certificate: Certificate

    def make_browser(self) -> Browser:
        return Browser(self.proxy, self.certificate)

    def wait_until_both_serve(self) -> None:
        browser, before = self.make_browser(), self.count_pages()

        def do_both() -> bool:
            assert browser.ask("/accounts/login/")[0] == 200
            return all(now > was for now, was in zip(self.count_pages(), before, strict=True))

        wait_until(do_both, "a page of each host", TIMEOUT, instead=self.count_pages)

    def count_pages(self) -> list[int]:
        return [host.count_sign_in_pages() for host in (self.one, self.other)]

    def wait_until_left_alone(self, host: Host) -> None:
        """Return once the proxy sends nothing new to it."""
        browser = self.make_browser()

        def is_left_alone() -> bool:
            before = host.count_sign_in_pages()
            for _ in range(10):
                assert browser.ask("/accounts/login/")[0] == 200
            return host.count_sign_in_pages() == before

        wait_until(is_left_alone, "a host that is left alone", TIMEOUT)


@pytest.fixture(scope="module")
def model() -> Iterator[OfflineModel]:
    with OfflineModel() as model:
        yield model


@pytest.fixture(scope="module")
def sites(
    model: OfflineModel, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[tuple[Host, Host]]:
    folder = tmp_path_factory.mktemp("hosts")
    with ExitStack() as stack:
        redis = stack.enter_context(RedisProcess(folder))
        environment = {
            "DATABASE_URL": stack.enter_context(own_database("hosts")),
            "REDIS_URL": redis.url,
            "SECRET_KEY": "the same for both hosts, as they share sessions",
            "PUBLIC_URL": f"https://{HOST}",
            "METRICS_TOKEN": TOKEN,
            "MAX_STREAMS_PER_USER": "100",
            "MAX_RUNNING_REPLIES": "10000",
            # A second signal ends it.
            "SHUTDOWN_DRAIN": "600",
            "SHUTDOWN_GRACE": "5",
        }
        hosts = []
        for name in ("one", "other"):
            (folder / name).mkdir()
            hosts.append(stack.enter_context(Host(folder / name, model.base_url, **environment)))
        one, other = hosts
        one.manage("migrate", "--verbosity=0")
        one.make_users()
        yield one, other


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"), HOST)


@pytest.fixture(scope="module", params=START)
def proxy(
    request: pytest.FixtureRequest,
    sites: tuple[Host, Host],
    certificate: Certificate,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Proxy]:
    require_program(request.param)
    folder: Path = tmp_path_factory.mktemp(request.param)
    folder.chmod(0o755)  # nginx's workers are another user
    proxy = START[request.param](folder, [site.port for site in sites], certificate)
    yield proxy
    proxy.stop()


@pytest.fixture
def hosts(
    sites: tuple[Host, Host], proxy: Proxy, model: OfflineModel, certificate: Certificate
) -> Hosts:
    """Both serve, and the proxy knows it."""
    for site in sites:
        if site.process is None or site.process.poll() is not None:
            site.start()
    hosts = Hosts(*sites, proxy, model, certificate)
    hosts.wait_until_both_serve()
    return hosts


@pytest.fixture
def gate(hosts: Hosts) -> Iterator[Gate]:
    """Two words of a reply come; the others when it is opened."""
    (gate := Gate()).release(2)
    hosts.model.script(Fault(text="One two three four.", gate=gate))
    yield gate
    gate.open()


@pytest.fixture
def alice(hosts: Hosts) -> Iterator[Browser]:
    with closing(sign_in(hosts.make_browser())) as browser:
        yield browser


def test_streams_are_spread_evenly(hosts: Hosts, alice: Browser, gate: Gate) -> None:
    path = ask_for_a_reply(alice)
    for _ in range(STREAMS):
        alice.follow(path)
        time.sleep(PAUSE)
    numbers = [host.count_streams() for host in (hosts.one, hosts.other)]
    assert sum(numbers) == STREAMS
    assert min(numbers) >= 16


def test_a_reader_whose_host_dies_reads_on_at_the_other(
    hosts: Hosts, alice: Browser, gate: Gate
) -> None:
    # Written where it can't die.
    stop_host(hosts, hosts.other)
    path = ask_for_a_reply(alice)
    hosts.other.start()
    hosts.proxy.put_back(hosts.other.port)
    hosts.wait_until_both_serve()
    streams = open_one_at_each(hosts, alice, path)
    hosts.other.stop(signal.SIGKILL)
    last_id = find_broken(streams).last_id
    again = alice.follow(path, **{"Last-Event-ID": last_id})
    gate.release()
    again.wait_for("three")
    assert [again.sent.count(word) for word in ("One", "two", "three")] == [1, 1, 1]
    gate.open()
    again.wait_for("event: end")


def test_a_host_that_stops_gets_nothing_new_and_its_streams_end(
    hosts: Hosts, alice: Browser, gate: Gate
) -> None:
    path = ask_for_a_reply(alice)
    streams = open_one_at_each(hosts, alice, path)
    hosts.proxy.take_out(hosts.other.port)
    hosts.other.begin_stop()
    hosts.wait_until_left_alone(hosts.other)
    before = hosts.other.count_sign_in_pages()
    for _ in range(20):
        assert alice.ask("/accounts/login/")[0] in {200, 302}
    assert hosts.other.count_sign_in_pages() == before
    gate.open()
    for stream in streams:
        stream.wait_for("event: end")
    hosts.other.stop()
    hosts.proxy.put_back(hosts.other.port)


def test_nobody_is_refused_while_one_host_after_the_other_is_restarted(hosts: Hosts) -> None:
    with Callers(hosts) as callers:
        for host in (hosts.one, hosts.other):
            stop_host(hosts, host)
            host.start()
            hosts.proxy.put_back(host.port)
            hosts.wait_until_both_serve()
    assert callers.failures == []
    assert callers.count > 20


def stop_host(hosts: Hosts, host: Host) -> None:
    """As docs/deploy.md says."""
    hosts.proxy.take_out(host.port)
    host.begin_stop()
    hosts.wait_until_left_alone(host)
    host.stop()


def open_one_at_each(hosts: Hosts, browser: Browser, path: str) -> list[Stream]:
    streams = [browser.follow(path), browser.follow(path)]
    for stream in streams:
        stream.wait_for("two")
    assert [host.count_streams() for host in (hosts.one, hosts.other)] == [1, 1]
    return streams


def find_broken(streams: list[Stream]) -> Stream:
    deadline = time.monotonic() + TIMEOUT
    while True:
        readable, _, _ = select.select([stream.line for stream in streams], [], [], TIMEOUT)
        for stream in streams:
            if stream.line in readable and not stream.read():
                return stream
        assert time.monotonic() < deadline


class Callers:
    """Ask for pages and send messages without a pause, each time by a new connection."""

    def __init__(self, hosts: Hosts) -> None:
        self.count = 0
        self.failures: list[int] = []
        self._is_over = threading.Event()
        browsers = [sign_in(hosts.make_browser()) for _ in range(2)]
        self._threads = [
            threading.Thread(target=self._open_pages, args=(browsers[0],)),
            threading.Thread(target=self._send_messages, args=(browsers[1],)),
        ]

    def __enter__(self) -> "Callers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _open_pages(self, browser: Browser) -> None:
        while not self._is_over.wait(0.02):
            self._note(browser.ask("/")[0], 200)

    def _send_messages(self, browser: Browser) -> None:
        number = 0
        while not self._is_over.wait(0.1):
            number += 1
            self._note(browser.ask("/", {"text": "Hello", "token": f"caller-{number}"})[0], 302)

    def _note(self, status: int, expected: int) -> None:
        self.count += 1
        if status != expected:
            self.failures.append(status)

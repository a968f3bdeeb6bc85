"""Somebody who visits a site through a proxy, by https."""

import json
import re
import socket
import ssl
import time
from http.client import HTTPException, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.deploy.certificates import Certificate
from tests.deploy.proxies import HOST, Proxy
from tests.e2e.site import PASSWORD

TIMEOUT = 60.0


class Browser:
    """Speaks https to the proxy by the name of the site, and keeps cookies."""

    def __init__(self, proxy: Proxy, certificate: Certificate) -> None:
        self.proxy = proxy
        self._tls = ssl.create_default_context(cafile=str(certificate.path))
        self.cookies: dict[str, str] = {}
        self._streams: list[Stream] = []

    def ask(
        self, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers."""
        connection = Connection(self.proxy, self._tls)
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
        raw = socket.create_connection(("127.0.0.1", self.proxy.port), TIMEOUT)
        line = self._tls.wrap_socket(raw, server_hostname=HOST)
        fields = "".join(f"{name}: {value}\r\n" for name, value in self.headers().items())
        line.sendall(f"GET {path} HTTP/1.1\r\n{fields}Connection: close\r\n\r\n".encode())
        return line

    def follow(self, path: str, **headers: str) -> "Stream":
        """As a browser that keeps all it has been sent."""
        stream = Stream(Connection(self.proxy, self._tls), path, self.headers() | headers)
        self._streams.append(stream)
        return stream

    def close(self) -> None:
        """End what it follows."""
        while self._streams:
            self._streams.pop().close()

    def protocols(self) -> str | None:
        """What is agreed on with a browser that speaks HTTP/2."""
        self._tls.set_alpn_protocols(["h2", "http/1.1"])
        raw = socket.create_connection(("127.0.0.1", self.proxy.port), TIMEOUT)
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


class Stream:
    """A reply's stream; `sent` is all that has come."""

    def __init__(self, connection: Connection, path: str, headers: dict[str, str]) -> None:
        connection.request("GET", path, headers=headers)
        # The response takes it away from the connection.
        self.line: socket.socket = connection.sock
        self._response = connection.getresponse()
        assert self._response.status == 200
        self.sent = ""

    def read(self) -> bool:
        """Take what comes next; false where the line has ended or broken."""
        try:
            part = self._response.read1()
        except (HTTPException, OSError):
            return False
        self.sent += part.decode()
        return bool(part)

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + TIMEOUT
        while words not in self.sent:
            assert time.monotonic() < deadline, self.sent
            assert self.read(), self.sent

    @property
    def last_id(self) -> str:
        ids: list[str] = re.findall(r"^id: (\d+)$", self.sent, re.MULTILINE)
        return ids[-1]

    def close(self) -> None:
        self._response.close()
        self.line.close()


def sign_in(browser: Browser, name: str = "alice") -> Browser:
    browser.ask("/accounts/login/")
    status, _, headers = browser.ask("/accounts/login/", {"login": name, "password": PASSWORD})
    assert status == 302, headers
    return browser


def ask_for_a_reply(browser: Browser) -> str:
    """Sends a message; returns the path of the reply's stream."""
    _, _, headers = browser.ask("/", {"text": "Hello", "token": json.dumps(browser.cookies)})
    _, text, _ = browser.ask(headers["location"])
    return text.partition('hx-sse:connect="')[2].partition('"')[0]

"""Somebody who visits a served site without a browser."""

import re
import time
from collections.abc import Sequence

import requests

from tests.e2e.site import PASSWORD, Site
from tests.waiting import wait_until

# Seconds: for an answer, and for one that comes after a file was read.
TIMEOUT = 30.0
READING_TIMEOUT = 120.0
# Bytes of a file that are sent at once.
PIECE = 1024 * 1024


class Visitor:
    """Signed in as alice, or as who is named."""

    def __init__(self, site: Site, name: str = "alice") -> None:
        self.site = site
        self.session = requests.Session()
        self.session.get(f"{site.url}/accounts/login/", timeout=TIMEOUT)
        response = self.post("/accounts/login/", login=name, password=PASSWORD)
        assert response.status_code == 302, response.text

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.site.url}{path}", timeout=TIMEOUT)

    def post(self, path: str, **fields: str | Sequence[str]) -> requests.Response:
        token = self.session.cookies["csrftoken"]
        return self.session.post(
            f"{self.site.url}{path}",
            data={**fields, "csrfmiddlewaretoken": token},
            allow_redirects=False,
            timeout=TIMEOUT,
        )

    def send(self, text: str) -> str:
        """Begins a conversation; returns its path."""
        response = self.post("/", text=text, token=text)
        assert response.status_code == 302, response.text
        return response.headers["Location"]

    def upload(self, name: str, content: bytes) -> str:
        """Upload a file in pieces; returns its id once it was read, whatever came of that."""
        begun = self.post("/files/", name=name, size=str(len(content)), draft="new")
        assert begun.ok, begun.text
        file_id = str(begun.json()["id"])
        for offset in range(0, len(content), PIECE):
            response = self.session.post(
                f"{self.site.url}/files/{file_id}/content/?offset={offset}",
                data=content[offset : offset + PIECE],
                headers={
                    "Content-Type": "application/octet-stream",
                    "X-CSRFToken": self.session.cookies["csrftoken"],
                },
                timeout=READING_TIMEOUT,
            )
            assert response.status_code < 500, response.text
        return file_id

    def follow(self, path: str) -> "Followed":
        """Follow the conversation's running reply."""
        return Followed(self, find_in(self.get(path).text, r'hx-sse:connect="([^"]+/stream/)"'))

    def stop(self, path: str) -> None:
        """Press Stop."""
        address = find_in(self.get(path).text, r'action="([^"]+/stop/)"')
        assert self.post(address).status_code < 400

    def wait_for_reply(self, path: str, status: str) -> str:
        """Return the last reply's article once it has the status."""

        def find() -> str | None:
            reply = self.read_reply(path)
            return reply if f'data-status="{status}"' in reply else None

        return wait_until(
            find, f"a reply that is {status}", TIMEOUT, instead=lambda: self.read_reply(path)
        )

    def read_reply(self, path: str) -> str:
        return self.get(path).text.rpartition('data-role="assistant"')[2]

    def wait_until_served(self) -> None:
        wait_until(lambda: self.get("/").status_code == 200, "the page", TIMEOUT)

    def wait_until_not_ready(self) -> dict[str, object]:
        """The checks that `/readyz/` reports."""

        def find() -> dict[str, object] | None:
            response = self.get("/readyz/")
            return None if response.status_code == 200 else response.json()["checks"]

        return wait_until(find, "a server that is not ready", TIMEOUT)


class Followed:
    """A reply's stream, as a browser that keeps all it has been sent."""

    def __init__(self, visitor: Visitor, address: str) -> None:
        self._response = visitor.session.get(
            f"{visitor.site.url}{address}", stream=True, timeout=TIMEOUT
        )
        assert self._response.status_code == 200
        self._pieces = self._response.iter_content(None)
        self.sent = ""

    def wait_for(self, text: str) -> None:
        """Return once the text has come. Something comes every 15 seconds in any case."""
        deadline = time.monotonic() + TIMEOUT
        while text not in self.sent and text not in read_words(self.sent):
            assert time.monotonic() < deadline, self.sent
            self.sent += next(self._pieces).decode()

    def close(self) -> None:
        self._response.close()


def read_words(sent: str) -> str:
    """Return what was sent without markup and events: a word may come in two of them, and a
    selector in an attribute may have a `>`.
    """
    return re.sub(r'<(?:"[^"]*"|[^">])*>|^(id|event): .*$|^data: |\n', "", sent, flags=re.MULTILINE)


def find_in(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found, page
    return found.group(1)

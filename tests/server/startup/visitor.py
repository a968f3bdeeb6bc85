"""Somebody who visits a served site without a browser."""

import time

import requests

from tests.e2e.site import PASSWORD, Site

TIMEOUT = 30.0  # seconds


class Visitor:
    """Signed in as alice."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.session = requests.Session()
        self.session.get(f"{site.url}/accounts/login/", timeout=TIMEOUT)
        response = self.post("/accounts/login/", login="alice", password=PASSWORD)
        assert response.status_code == 302, response.text

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.site.url}{path}", timeout=TIMEOUT)

    def post(self, path: str, **fields: str) -> requests.Response:
        fields["csrfmiddlewaretoken"] = self.session.cookies["csrftoken"]
        return self.session.post(
            f"{self.site.url}{path}", data=fields, allow_redirects=False, timeout=TIMEOUT
        )

    def send(self, text: str) -> str:
        """Begins a conversation; returns its path."""
        response = self.post("/", text=text, token=text)
        assert response.status_code == 302, response.text
        return response.headers["Location"]

    def wait_until_not_ready(self) -> dict[str, object]:
        """The checks that `/readyz/` reports."""
        deadline = time.monotonic() + TIMEOUT
        while (response := self.get("/readyz/")).status_code == 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        checks: dict[str, object] = response.json()["checks"]
        return checks

"""Somebody on their way through the provider's pages, without a browser."""

from typing import Any

import requests
from django.http import HttpResponse
from django.test import Client

from tests.identity_provider.password import PASSWORD
from tests.views.html import Page, parse, parse_text

LOGIN = "/accounts/oidc/sso/login/"


class Visitor:
    """Has a session at the provider; `client` is their browser's session at our site."""

    def __init__(self, username: str) -> None:
        self.username = username
        self.session = requests.Session()
        self.client = Client()

    def sign_in(self, path: str = LOGIN, *, action: str = "grant") -> HttpResponse:
        """From our button to the provider and back: the answer to the callback."""
        return self.come_back(self.answer_of_provider(path, action=action))

    def answer_of_provider(self, path: str = LOGIN, *, action: str = "grant") -> str:
        """Where the provider sends the browser to, having asked."""
        response = self.client.post(path)
        assert response.status_code == 200, response.content.decode()
        (address,) = (link["href"] for link in parse(response).all("a", **{"class": "button"}))
        answer = self.session.get(address, timeout=10)
        if "/accounts/login/" in answer.url:
            form = {"login": self.username, "password": PASSWORD}
            answer = self.post(answer, form)
        if answer.status_code == 200:
            form = {"action": action, **self.filled_in(parse_text(answer.text))}
            answer = self.post(answer, form, allow_redirects=False)
        return answer.headers["Location"]

    def come_back(self, location: str) -> HttpResponse:
        response = self.client.get(location.removeprefix("http://testserver"))
        assert isinstance(response, HttpResponse)
        return response

    def post(
        self, page: requests.Response, form: dict[str, Any], *, allow_redirects: bool = True
    ) -> requests.Response:
        token = parse_text(page.text).one("input", name="csrfmiddlewaretoken")["value"]
        return self.session.post(
            page.url,
            data=form | {"csrfmiddlewaretoken": token},
            timeout=10,
            allow_redirects=allow_redirects,
        )

    @staticmethod
    def filled_in(page: Page) -> dict[str, Any]:
        request = page.one("input", name="request")["value"]
        scopes = [box["value"] for box in page.all("input", name="scopes")]
        return {"request": request, "scopes": scopes}

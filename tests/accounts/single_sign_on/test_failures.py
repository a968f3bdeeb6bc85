"""What goes wrong between the site and the provider: a page, a way on, and a line in the log."""

import json
import logging
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Protocol

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.accounts.single_sign_on.provider import ENDPOINTS
from tests.accounts.single_sign_on.conftest import use_provider
from tests.e2e.site import free_port
from tests.identity_provider.provider import SECRET, IdentityProvider
from tests.identity_provider.visitor import LOGIN
from tests.logs import messages_of
from tests.views.html import Answer, parse


class Answered(Answer, Protocol):
    status_code: int


def is_a_page_with_a_way_on(response: Answered, status: int, words: str) -> bool:
    page = parse(response)
    return (
        response.status_code == status
        and words in page.text
        and bool(page.all("a", href="/accounts/login/"))
    )


def test_who_says_no_there_is_told_so_here(provider: IdentityProvider, anybody: str) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com")
    response = visitor.sign_in(action="cancel")
    page = visitor.client.get(response["Location"])
    assert is_a_page_with_a_way_on(page, 200, "You weren’t signed in")
    assert "Example ID" in parse(page).text
    assert not User.objects.exists()


def test_another_error_of_the_provider(
    provider: IdentityProvider, anybody: str, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com")
    state = visitor.answer_of_provider(action="cancel").partition("state=")[2]
    path = f"{LOGIN}callback/?error=server_error&state={state}"
    assert is_a_page_with_a_way_on(visitor.client.get(path), 502, "The sign-in didn’t work")
    assert "the provider says server_error" in caplog.text


def test_what_an_error_says_is_not_written_to_the_log_as_it_comes(
    provider: IdentityProvider, anybody: str, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com")
    state = visitor.answer_of_provider(action="cancel").partition("state=")[2]
    visitor.client.get(f"{LOGIN}callback/?error=a%0ANothing%20happened&state={state}")
    assert "Nothing happened" not in caplog.text


@pytest.mark.parametrize("query", ["", "?code=1", "?code=1&state=unknown", "?error=access_denied"])
def test_a_way_back_that_nobody_is_on(
    provider: IdentityProvider, client: Client, query: str
) -> None:
    response = client.get(f"{LOGIN}callback/{query}")
    assert is_a_page_with_a_way_on(response, 400, "This sign-in is over")


def test_the_answer_opens_nothing_in_another_browser(
    provider: IdentityProvider, anybody: str, client: Client
) -> None:
    location = provider.person(anybody, f"{anybody}@example.com").answer_of_provider()
    assert client.get(location.removeprefix("http://testserver")).status_code == 400
    assert not User.objects.exists()


def test_an_answer_counts_once(provider: IdentityProvider, anybody: str) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com")
    location = visitor.answer_of_provider()
    assert visitor.come_back(location).status_code == 302
    assert visitor.come_back(location).status_code == 400


def test_a_provider_that_is_down(
    provider: IdentityProvider, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    use_provider(settings, issuer=f"http://127.0.0.1:{free_port()}")
    response = client.post(LOGIN)
    assert is_a_page_with_a_way_on(response, 502, "The sign-in service doesn’t answer")
    assert "ConnectionError" in caplog.text


def test_a_provider_that_goes_down_on_the_way(
    provider: IdentityProvider, anybody: str, settings: Settings
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com")
    location = visitor.answer_of_provider()
    use_provider(settings, issuer=f"http://127.0.0.1:{free_port()}")
    response = visitor.come_back(location)
    assert is_a_page_with_a_way_on(response, 502, "The sign-in service doesn’t answer")


def test_a_provider_that_says_nothing_is_not_waited_for(
    provider: IdentityProvider, client: Client, settings: Settings
) -> None:
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use_provider(settings, issuer=f"http://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        response = client.post(LOGIN)
    assert time.monotonic() - began < 3
    assert is_a_page_with_a_way_on(response, 502, "The sign-in service doesn’t answer")


@pytest.fixture
def other_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """Something that answers, but is no provider."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(request.param.encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "other_server",
    [
        "<html>",
        "[]",
        "{}",
        json.dumps(dict.fromkeys(["issuer", *ENDPOINTS], "https://elsewhere.example")),
        '{"issuer": 1}',
        "null",
    ],
    indirect=True,
)
def test_an_address_where_no_provider_is(
    provider: IdentityProvider, client: Client, settings: Settings, other_server: str
) -> None:
    use_provider(settings, issuer=other_server)
    response = client.post(LOGIN)
    assert response.status_code == 502
    assert parse(response).all("a", href="/accounts/login/")


def test_a_secret_that_the_provider_doesnt_know(
    provider: IdentityProvider, anybody: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    use_provider(settings, client_secret="another secret")
    response = provider.person(anybody, f"{anybody}@example.com").sign_in()
    assert is_a_page_with_a_way_on(response, 502, "The sign-in didn’t work")
    assert "token endpoint says invalid_client" in caplog.text


def test_an_id_token_that_is_over(
    provider: IdentityProvider, anybody: str, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com", id_token={"exp": 1})
    assert is_a_page_with_a_way_on(visitor.sign_in(), 502, "The sign-in didn’t work")
    assert "ExpiredSignatureError; do the clocks agree?" in caplog.text


@pytest.mark.parametrize("claims", [{"iss": "https://elsewhere.example"}, {"aud": "another site"}])
def test_an_id_token_for_others(
    provider: IdentityProvider, anybody: str, claims: dict[str, str]
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com", id_token=claims)
    assert visitor.sign_in().status_code == 502


def test_the_userinfo_of_somebody_else(provider: IdentityProvider, anybody: str) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com", userinfo={"sub": "somebody-else"})
    assert visitor.sign_in().status_code == 502
    assert not User.objects.exists()


@pytest.mark.parametrize("claims", [{"name": ["a", "list"]}, {"email": 1}, {"name": "x" * 500}])
def test_claims_of_the_wrong_kind_harm_nothing(
    provider: IdentityProvider, anybody: str, claims: dict[str, object]
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com", claims=claims)
    assert visitor.sign_in().status_code in (302, 403)


def test_neither_secret_nor_token_is_logged(
    provider: IdentityProvider, anybody: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        provider.person(anybody, f"{anybody}@example.com", id_token={"exp": 1}).sign_in()
        provider.person(anybody, f"{anybody}@example.com").sign_in()
    ours = "\n".join(messages_of(caplog, "chatsite"))
    assert SECRET not in caplog.text
    assert "ey" + "J" not in ours


@pytest.mark.parametrize("name", ["cancelled", "error"])
def test_the_pages_without_a_story_have_a_way_on(client: Client, db: None, name: str) -> None:
    page = parse(client.get(f"/accounts/provider/login/{name}/"))
    assert page.all("a", href="/accounts/login/")
    assert "Third-Party" not in page.text

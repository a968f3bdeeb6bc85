"""Each request's number: whose it is, and where it shows."""

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.core.log_context import read_context
from tests.views.html import parse

HEADER = "X-Request-ID"
TOLD = "proxy-1234.abc"

pytestmark = pytest.mark.django_db


def ask(client: Client, told: str = TOLD) -> str:
    return client.get("/livez/", headers={HEADER: told})[HEADER]


def test_each_request_has_one_of_its_own(client: Client) -> None:
    assert len({ask(client), ask(client)}) == 2


def test_a_client_does_not_choose_it(client: Client) -> None:
    assert ask(client) != TOLD


def test_a_trusted_proxy_does(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    assert ask(client) == TOLD


@pytest.mark.parametrize("told", ["", "short", "x" * 65, "with a space in it", "{“}-12345678"])
def test_what_is_malformed_is_replaced(client: Client, settings: Settings, told: str) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    number = client.get("/livez/", headers={HEADER: told.encode().decode("latin-1")})[HEADER]
    assert number != told
    assert len(number) == 16


def test_a_page_of_an_error_tells_it(client: Client, settings: Settings) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "alice"})
    assert response.status_code == 403
    assert f"Tell your administrator this number: {response[HEADER]}" in parse(response).text


def test_log_lines_of_a_request_say_whose_it_is(alice_client: Client, alice: User) -> None:
    response = alice_client.get("/")
    assert read_context() == {"request": response[HEADER], "user": alice.pseudonym}


def test_the_next_request_in_a_thread_knows_nothing_of_the_last(
    alice_client: Client, client: Client
) -> None:
    alice_client.get("/")
    response = client.get("/livez/")
    assert read_context() == {"request": response[HEADER]}

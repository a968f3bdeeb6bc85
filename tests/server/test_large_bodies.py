"""A route that says it takes more than the others."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.server.large_urls import LARGE
from tests.views.html import HTMX


@pytest.fixture(autouse=True)
def large_urls(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.server.large_urls"


def post(
    client: Client, path: str, size: int = LARGE, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    answer = client.post(path, bytes(size), "application/octet-stream", headers=headers)
    return answer.status_code, answer.content.decode()


def test_it_takes_them_from_those_who_are_signed_in(alice_client: Client) -> None:
    assert post(alice_client, "/large/") == (200, "taken")


def test_it_takes_no_more_than_it_says(alice_client: Client) -> None:
    assert post(alice_client, "/large/", LARGE + 1)[0] == 413


def test_it_takes_no_more_than_others_from_those_who_are_not(client: Client, db: None) -> None:
    assert post(client, "/large/")[0] == 413


def test_other_routes_take_what_they_took(alice_client: Client) -> None:
    assert post(alice_client, "/")[0] == 413


def test_htmx_is_told_in_one_sentence(alice_client: Client) -> None:
    status, text = post(alice_client, "/", headers=HTMX)
    assert status == 413
    assert text == "This is too large to be sent. Shorten it or send it in parts."

"""The one-time link that makes the first administrator."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.accounts.sign_up.first_administrator import TOKEN_FILE, build_setup_url
from tests.views.html import parse

FORM = {
    "username": "rita",
    "email": "rita@example.com",
    "password1": "battery staple",
    "password2": "battery staple",
}


@pytest.fixture(autouse=True)
def no_token_left_over() -> Iterator[None]:
    TOKEN_FILE.unlink(missing_ok=True)
    yield
    TOKEN_FILE.unlink(missing_ok=True)


@pytest.fixture
def link(db: None) -> str:
    """The printed link without its origin."""
    url = build_setup_url()
    assert url
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


@pytest.mark.usefixtures("link")
@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=\u20ac", "?token=%00"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_the_right_token_nothing_is_there(client: Client, query: str, method: str) -> None:
    assert client.generic(method, f"/setup/{query}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong"])
def test_before_a_link_is_made_no_token_is_right(client: Client, query: str) -> None:
    assert client.get(f"/setup/{query}").status_code == 404


def test_it_asks_for_the_administrators_account(client: Client, link: str) -> None:
    page = parse(client.get(link))
    fields = {field["name"] for field in page.all("input") if "name" in field.attributes}
    assert set(FORM) <= fields


def test_it_makes_a_superuser_and_signs_them_in(client: Client, link: str) -> None:
    response = client.post(link, FORM)
    rita = User.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/")
    assert (rita.is_staff, rita.is_superuser, rita.email) == (True, True, "rita@example.com")
    assert client.get("/admin/").status_code == 200


def test_they_can_sign_in_again(client: Client, link: str) -> None:
    client.post(link, FORM)
    client.logout()
    client.post("/accounts/login/", {"login": "rita@example.com", "password": "battery staple"})
    assert client.get("/").status_code == 200


def test_it_works_once(client: Client, link: str) -> None:
    client.post(link, FORM)
    again = Client()
    assert again.get(link).status_code == 404
    assert again.post(link, FORM | {"username": "eve", "email": "eve@x.org"}).status_code == 404
    assert User.objects.count() == 1


def test_a_used_link_stays_dead_when_the_administrator_is_gone(client: Client, link: str) -> None:
    client.post(link, FORM)
    User.objects.all().delete()
    assert Client().get(link).status_code == 404


def test_it_is_dead_once_there_is_an_administrator(client: Client, link: str, ada: User) -> None:
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [("email", "nonsense"), ("email", ""), ("password2", "other"), ("username", "")],
)
def test_a_form_with_errors_can_be_sent_again(
    client: Client, link: str, name: str, value: str
) -> None:
    response = client.post(link, FORM | {name: value})
    assert response.status_code == 422
    assert not User.objects.exists()
    form = parse(response).one("form")
    assert client.post(form.attributes.get("action") or link, FORM).status_code == 302


def test_a_weak_password_is_refused(client: Client, link: str) -> None:
    response = client.post(link, FORM | {"password1": "12345678", "password2": "12345678"})
    assert response.status_code == 422
    assert "too common" in parse(response).text


@pytest.mark.parametrize("extra", [{"username": "ALICE"}, {"email": "Alice@Example.com"}])
def test_a_name_that_is_taken_in_another_case_is_refused(
    client: Client, link: str, alice: User, extra: dict[str, str]
) -> None:
    response = client.post(link, FORM | extra)
    assert response.status_code == 422
    assert "already exists" in parse(response).text


def test_a_restart_prints_the_same_link(link: str) -> None:
    assert (build_setup_url() or "").endswith(link)


def test_the_link_is_on_the_public_address(db: None, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://chat.example.com"
    assert (build_setup_url() or "").startswith("https://chat.example.com/setup/?token=")


def test_only_its_owner_may_read_the_token(link: str) -> None:
    assert TOKEN_FILE.stat().st_mode & 0o077 == 0


def test_with_an_administrator_there_is_no_link(ada: User) -> None:
    assert build_setup_url() is None
    assert not TOKEN_FILE.exists()


def test_until_then_the_sign_in_page_says_how_to_begin(client: Client, db: None) -> None:
    page = parse(client.get("/accounts/login/"))
    assert "Follow the link that the server printed" in page.text


def test_from_then_on_it_does_not(client: Client, ada: User) -> None:
    page = parse(client.get("/accounts/login/"))
    assert "Ask your administrator for one." in page.text

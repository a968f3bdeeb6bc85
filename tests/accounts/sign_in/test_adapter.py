"""Signing in."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from tests.conftest import is_signed_in
from tests.views.html import parse

URL = "/accounts/login/"
PASSWORD = "correct horse"


def test_the_fields_have_names_that_tools_rely_on(client: Client, db: None) -> None:
    page = parse(client.get(URL))
    labels = {label.text for label in page.all("label")}
    assert {"Username or email", "Password"} <= labels


@pytest.mark.parametrize(
    "login", ["alice", "ALICE", "Alice", " alice ", "alice@example.com", "Alice@Example.COM"]
)
def test_by_username_or_email_in_any_case(client: Client, alice: User, login: str) -> None:
    response = client.post(URL, {"login": login, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(alice.pk)


def test_a_user_named_with_capitals_signs_in_without(client: Client, db: None) -> None:
    User.objects.create_user("McAdams", "Mc@Adams.example", PASSWORD)
    client.post(URL, {"login": "mcadams", "password": PASSWORD})
    assert is_signed_in(client)


@pytest.mark.parametrize("login", ["alice", "alice@example.com"])
def test_not_with_a_wrong_password(client: Client, alice: User, login: str) -> None:
    response = client.post(URL, {"login": login, "password": "Correct horse"})
    assert response.status_code == 200
    assert not is_signed_in(client)


def test_an_unknown_name_reads_like_a_wrong_password(client: Client, alice: User) -> None:
    known = parse(client.post(URL, {"login": "alice", "password": "wrong"}))
    unknown = parse(client.post(URL, {"login": "nobody", "password": "wrong"}))
    assert [item.text for item in known.all("li")] == [item.text for item in unknown.all("li")]
    assert known.all("li")


def test_the_name_stays_in_its_field_and_the_password_does_not(client: Client, alice: User) -> None:
    page = parse(client.post(URL, {"login": "alice", "password": "wrong-password"}))
    assert page.one("input", name="login")["value"] == "alice"
    assert "wrong-password" not in str(page.elements)


def test_inactive_users_stay_out(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    client.post(URL, {"login": "alice", "password": PASSWORD})
    assert not is_signed_in(client)


def test_a_closed_account_ends_its_sessions(alice_client: Client, alice: User) -> None:
    User.objects.update(is_active=False)
    assert not is_signed_in(alice_client)


def test_the_session_gets_a_new_key(client: Client, alice: User) -> None:
    session = client.session
    session["kept"] = True
    session.save()
    before = session.session_key
    assert before
    client.cookies["sessionid"] = before
    client.post(URL, {"login": "alice", "password": PASSWORD})
    assert client.session.session_key != before


@pytest.mark.parametrize("remember", [True, False])
def test_staying_signed_in_is_a_choice(client: Client, alice: User, remember: bool) -> None:
    form = {"login": "alice", "password": PASSWORD} | ({"remember": "on"} if remember else {})
    response = client.post(URL, form)
    assert bool(response.cookies["sessionid"]["max-age"]) is remember


@pytest.mark.parametrize("following", ["/c/some/", "/admin/", "/?a=b"])
def test_it_leads_back_to_where_one_was(client: Client, alice: User, following: str) -> None:
    form = {"login": "alice", "password": PASSWORD, "next": following}
    assert client.post(URL, form)["Location"] == following


def test_the_page_keeps_the_way_back(client: Client, db: None) -> None:
    page = parse(client.get(URL, {"next": "/c/some/"}))
    assert page.one("input", name="next")["value"] == "/c/some/"


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "https://testserver.evil.example/",
        "https://testserver@evil.example/",
        "ftp://testserver/",
    ],
)
def test_it_leads_to_no_other_site(client: Client, alice: User, following: str) -> None:
    form = {"login": "alice", "password": PASSWORD, "next": following}
    assert client.post(URL, form)["Location"] == "/"


@pytest.mark.parametrize("following", ["https://evil.example/", "javascript:alert(1)"])
def test_who_is_signed_in_is_led_to_no_other_site(alice_client: Client, following: str) -> None:
    assert alice_client.get(URL, {"next": following})["Location"] == "/"


@pytest.mark.parametrize("following", ["http://localhost/", "//127.0.0.1", "//localhost"])
def test_it_does_not_lead_to_another_host_that_is_allowed(
    client: Client, alice: User, following: str
) -> None:
    form = {"login": "alice", "password": "correct horse", "next": following}
    assert client.post("/accounts/login/", form)["Location"] == "/"


def test_it_leaves_no_message_that_nobody_reads(client: Client, alice: User) -> None:
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    assert "messages" not in client.cookies


class CountingHasher(MD5PasswordHasher):
    count = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.count += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("login", ["alice", "nobody", "alice@example.com", "nobody@example.com"])
def test_a_wrong_password_takes_as_long_whether_there_is_an_account(
    client: Client, alice: User, settings: Settings, login: str
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.count = 0
    client.post(URL, {"login": login, "password": "wrong"})
    assert CountingHasher.count == 1


@pytest.mark.parametrize("key", ["\\000aaaaaaaaaaaa", "../../etc/passwd", "a" * 5000, "é" * 32])
def test_a_cookie_that_names_no_session_is_none(client: Client, db: None, key: str) -> None:
    client.cookies["sessionid"] = f'"{key}"'
    assert client.get(URL).status_code == 200

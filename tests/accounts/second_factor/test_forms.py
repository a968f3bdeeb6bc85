"""Signing in with a second factor, what is kept of it, and what is asked before it changes."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from tests.accounts.second_factor.factors import add_app, add_codes, add_passkey, code, wrong
from tests.views.html import Page, parse

SECURITY = "/accounts/2fa/"
SECOND_STEP = "/accounts/2fa/authenticate/"
ACTIVATE = "/accounts/2fa/totp/activate/"


def first_step(client: Client) -> str:
    """Where the password leads."""
    form = {"login": "alice", "password": "correct horse"}
    return str(client.post("/accounts/login/", form)["Location"])


def second_step(client: Client, code: str) -> Page | str:
    """Where the code leads, or the page that refuses it."""
    first_step(client)
    response = client.post(SECOND_STEP, {"code": code})
    return str(response["Location"]) if response.status_code == 302 else parse(response)


def test_the_password_alone_is_not_enough(client: Client, alice: User) -> None:
    add_app(alice)
    assert first_step(client) == SECOND_STEP
    assert client.get("/").status_code == 302


def test_a_code_from_the_app_is(client: Client, alice: User) -> None:
    assert second_step(client, code(add_app(alice))) == "/"
    assert client.get("/").status_code == 200


def test_a_wrong_one_is_not(client: Client, alice: User) -> None:
    page = second_step(client, wrong(add_app(alice)))
    assert isinstance(page, Page)
    assert "wrong, has expired" in page.text
    assert client.get("/").status_code == 302


def test_a_recovery_code_lets_in_once(client: Client, alice: User) -> None:
    add_app(alice)
    one = add_codes(alice)[0]
    assert second_step(client, one) == "/"
    client.post("/accounts/logout/")
    assert isinstance(second_step(client, one), Page)


def test_a_code_is_used_once_however_long_it_is_right(client: Client, alice: User) -> None:
    secret = add_app(alice)
    now = code(secret)
    assert second_step(client, now) == "/"
    client.post("/accounts/logout/")
    # What allauth remembers of it lasts for one step of the clock; the code is right for three.
    cache.delete(f"allauth.mfa.totp.used?user={alice.pk}&code={now}")
    assert isinstance(second_step(client, now), Page)


def test_guesses_are_limited(client: Client, alice: User) -> None:
    secret = add_app(alice)
    first_step(client)
    for _ in range(6):
        client.post(SECOND_STEP, {"code": wrong(secret)})
    assert client.post(SECOND_STEP, {"code": code(secret)}).status_code == 200
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("add", "offered"),
    [
        ([add_app], ["Sign in"]),
        ([add_passkey], ["Use a passkey"]),
        ([add_app, add_passkey], ["Sign in", "Use a passkey"]),
        ([add_passkey, add_codes], ["Use a passkey", "Sign in"]),
    ],
)
def test_only_what_somebody_has_is_asked_for(
    client: Client, alice: User, add: list[object], offered: list[str]
) -> None:
    for one in add:
        assert callable(one)
        one(alice)
    first_step(client)
    shown = [button.text for button in parse(client.get(SECOND_STEP)).all("button")]
    assert [text for text in shown if text in ("Sign in", "Use a passkey")] == offered


# What is kept


def test_a_copy_of_the_database_gives_no_secret_away(alice: User) -> None:
    secret = add_app(alice)
    add_codes(alice)
    for row in Authenticator.objects.all():
        kept = row.data.get("secret") or row.data["seed"]
        assert kept.startswith("gAAAA")
        assert secret not in str(row.data)


@pytest.fixture
def another_key(settings: Settings, alice: User) -> str:
    """alice's secret, encrypted under a key that the site no longer has."""
    secret = add_app(alice)
    add_codes(alice)
    settings.SECRET_KEY = "another key, as long as keys have to be for signing cookies"
    return secret


def test_after_a_change_of_the_key_a_code_is_refused_in_words(
    client: Client, another_key: str
) -> None:
    page = second_step(client, code(another_key))
    assert isinstance(page, Page)
    assert "secret key of this site has changed" in page.text


UNREADABLE = {"seed": "gAAAA", "used_mask": 0}


def test_after_a_change_of_the_key_the_page_says_so(alice_client: Client, alice: User) -> None:
    add_passkey(alice)
    add_codes(alice)
    Authenticator.objects.filter(type="recovery_codes").update(data=UNREADABLE)
    assert "codes no longer work" in parse(alice_client.get(SECURITY)).text


def test_codes_that_cannot_be_read_are_made_anew(client: Client, alice: User) -> None:
    first_step(client)
    client.post("/accounts/reauthenticate/", {"password": "correct horse"})
    add_passkey(alice)
    add_codes(alice)
    Authenticator.objects.filter(type="recovery_codes").update(data=UNREADABLE)
    response = client.get("/accounts/2fa/recovery-codes/", follow=True)
    assert response.redirect_chain == [(SECURITY, 302)]
    assert "secret key of this site has changed" in parse(response).text
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert "10 of 10 are left" in parse(client.get(SECURITY)).text


# Before it changes


def test_who_has_just_signed_in_is_not_asked_again(client: Client, alice: User) -> None:
    first_step(client)
    assert client.get(ACTIVATE).status_code == 200


def test_who_signed_in_a_while_ago_is(client: Client, alice: User) -> None:
    first_step(client)
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        record | {"at": time.time() - 301} for record in records
    ]
    session.save()
    assert client.get(ACTIVATE)["Location"].startswith("/accounts/reauthenticate/")
    form = {"password": "correct horse", "next": ACTIVATE}
    assert client.post("/accounts/reauthenticate/", form)["Location"] == ACTIVATE
    assert client.get(ACTIVATE).status_code == 200


def test_the_picture_stands_in_the_page(client: Client, alice: User) -> None:
    first_step(client)
    page = parse(client.get(ACTIVATE))
    drawing = page.elements[page.elements.index(page.one("div", **{"class": "qr-code"})) + 1]
    assert drawing.tag == "svg"
    assert not page.all("img")
    assert len(page.by_id("secret").text) == 32


def test_codes_are_downloaded_as_text(client: Client, alice: User) -> None:
    first_step(client)
    client.post("/accounts/reauthenticate/", {"password": "correct horse"})
    add_app(alice)
    codes = add_codes(alice)
    response = client.get("/accounts/2fa/recovery-codes/download/")
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().split() == codes


def test_the_page_shows_what_somebody_has(alice_client: Client, alice: User) -> None:
    add_app(alice)
    add_passkey(alice, "Phone")
    add_codes(alice)
    text = parse(alice_client.get(SECURITY)).text
    assert "Phone" in text
    assert "10 of 10 are left" in text
    assert "Remove authenticator app" in text


# While a sign-in is half done


def test_a_password_that_was_changed_meanwhile_ends_it(client: Client, alice: User) -> None:
    secret = add_app(alice)
    first_step(client)
    alice.set_password("battery staple")
    alice.save()
    response = client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert response["Location"] == "/accounts/login/"
    assert client.get("/").status_code == 302


def test_an_account_that_was_closed_meanwhile_ends_it(client: Client, alice: User) -> None:
    secret = add_app(alice)
    first_step(client)
    User.objects.update(is_active=False)
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    User.objects.update(is_active=True)
    assert client.get("/").status_code == 302

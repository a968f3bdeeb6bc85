"""Changing one's password."""

from django.test import Client

from chatsite.accounts.models import User
from tests.conftest import signed_in
from tests.views.html import parse

URL = "/accounts/password/change/"
FORM = {
    "oldpassword": "correct horse",
    "password1": "battery staple",
    "password2": "battery staple",
}


def test_the_new_password_is_the_one_that_counts(alice_client: Client, alice: User) -> None:
    assert alice_client.post(URL, FORM).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password("battery staple")


def test_one_stays_signed_in(alice_client: Client) -> None:
    alice_client.post(URL, FORM)
    assert alice_client.get("/").status_code == 200


def test_other_browsers_are_signed_out(alice_client: Client, alice: User) -> None:
    other = signed_in(alice)
    alice_client.post(URL, FORM)
    assert other.get("/").status_code == 302


def test_the_old_password_is_asked_for(alice_client: Client, alice: User) -> None:
    response = alice_client.post(URL, FORM | {"oldpassword": "wrong"})
    assert parse(response).all("ul", **{"class": "errorlist"})
    alice.refresh_from_db()
    assert alice.check_password("correct horse")


def test_a_weak_password_is_refused(alice_client: Client, alice: User) -> None:
    response = alice_client.post(URL, FORM | {"password1": "password", "password2": "password"})
    assert "too common" in parse(response).text
    alice.refresh_from_db()
    assert alice.check_password("correct horse")


def test_two_different_passwords_are_refused(alice_client: Client, alice: User) -> None:
    alice_client.post(URL, FORM | {"password2": "another thing"})
    alice.refresh_from_db()
    assert alice.check_password("correct horse")

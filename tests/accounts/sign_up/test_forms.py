"""Signing up, as the site's policy has it."""

import pytest
from django.test import Client

from chatsite.accounts.models import SitePolicy, User
from chatsite.accounts.users.services import get_role
from tests.accounts.mails import Mails
from tests.conftest import is_signed_in
from tests.views.html import Page, parse

URL = "/accounts/signup/"
PASSWORD = "battery staple"
FORM = {"username": "dora", "password1": PASSWORD, "password2": PASSWORD}
WITH_EMAIL = FORM | {"email": "dora@example.com"}
SignUp = SitePolicy.SignUp


def set_policy(sign_up: str, domains: str = "") -> None:
    SitePolicy(pk=1, sign_up=sign_up, sign_up_domains=domains).save()


def page(client: Client) -> Page:
    return parse(client.get(URL))


@pytest.mark.django_db
def test_without_a_decision_one_needs_an_invitation(client: Client) -> None:
    assert page(client).one("h1").text == "You need an invitation"
    assert parse(client.post(URL, FORM)).one("h1").text == "You need an invitation"
    assert not User.objects.exists()


@pytest.mark.django_db
def test_closed_is_closed(client: Client) -> None:
    set_policy(SignUp.CLOSED)
    assert parse(client.post(URL, FORM)).one("h1").text == "Sign-up is closed"
    assert not User.objects.exists()


@pytest.mark.django_db
def test_open_lets_everybody_in(client: Client) -> None:
    set_policy(SignUp.OPEN)
    assert client.post(URL, FORM)["Location"] == "/"
    assert is_signed_in(client)
    assert get_role(User.objects.get()).value == "user"


@pytest.mark.django_db
def test_without_mail_no_address_is_asked_for(client: Client) -> None:
    set_policy(SignUp.OPEN)
    assert not page(client).all("input", name="email")
    client.post(URL, WITH_EMAIL)
    assert User.objects.get().email == ""


@pytest.mark.django_db
def test_a_change_of_policy_needs_no_restart(client: Client) -> None:
    set_policy(SignUp.OPEN)
    assert page(client).one("h1").text == "Create your account"
    set_policy(SignUp.CLOSED)
    assert page(client).one("h1").text == "Sign-up is closed"


@pytest.mark.django_db
@pytest.mark.parametrize(("sign_up", "offered"), [(SignUp.OPEN, True), (SignUp.INVITATION, False)])
def test_the_sign_in_page_offers_it_where_it_is_open(
    client: Client, sign_up: str, offered: bool
) -> None:
    set_policy(sign_up)
    links = [link["href"] for link in parse(client.get("/accounts/login/")).all("a")]
    assert (URL in links) == offered


@pytest.mark.django_db
def test_an_address_has_to_be_confirmed(client: Client, mails: Mails) -> None:
    set_policy(SignUp.OPEN)
    client.post(URL, WITH_EMAIL)
    assert not is_signed_in(client)
    client.post(mails.link())
    assert is_signed_in(client)


@pytest.mark.django_db
def test_somebody_else_who_confirms_is_not_signed_in(client: Client, mails: Mails) -> None:
    set_policy(SignUp.OPEN)
    client.post(URL, WITH_EMAIL)
    other = Client()
    other.post(mails.link())
    assert not is_signed_in(other)


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["dora@example.com", "dora@EXAMPLE.com"])
def test_listed_domains_are_let_in(client: Client, mails: Mails, email: str) -> None:
    set_policy(SignUp.DOMAINS, "example.org\n@Example.com")
    client.post(URL, WITH_EMAIL | {"email": email})
    client.post(mails.link())
    assert is_signed_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "email", ["dora@evil.example", "dora@sub.example.com", "dora@xexample.com"]
)
def test_other_domains_are_not(client: Client, mails: Mails, email: str) -> None:
    set_policy(SignUp.DOMAINS, "example.com")
    response = client.post(URL, WITH_EMAIL | {"email": email})
    assert "Only addresses of example.com can sign up here." in parse(response).text
    assert not User.objects.exists()


@pytest.mark.django_db
def test_domains_without_mail_let_nobody_in(client: Client) -> None:
    set_policy(SignUp.DOMAINS, "example.com")
    client.post(URL, WITH_EMAIL)
    assert not User.objects.exists()


def test_a_taken_address_looks_like_a_free_one(client: Client, alice: User, mails: Mails) -> None:
    set_policy(SignUp.OPEN)
    free = Client().post(URL, WITH_EMAIL)
    taken = client.post(URL, WITH_EMAIL | {"email": "Alice@example.com", "username": "erik"})
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert parse(client.get(taken["Location"])).one("h1").text == "Confirm your address"
    assert not User.objects.filter(username="erik").exists()


def test_who_has_a_taken_address_is_told_by_mail(client: Client, alice: User, mails: Mails) -> None:
    set_policy(SignUp.OPEN)
    client.post(URL, WITH_EMAIL | {"email": "alice@example.com"})
    assert mails.one().to == ["alice@example.com"]
    assert mails.one().subject == "You have an account already"


def test_a_taken_username_is_refused(client: Client, alice: User) -> None:
    set_policy(SignUp.OPEN)
    response = client.post(URL, FORM | {"username": "ALICE"})
    assert "already exists" in parse(response).text


@pytest.mark.django_db
def test_a_username_cannot_be_an_address(client: Client) -> None:
    set_policy(SignUp.OPEN)
    response = client.post(URL, FORM | {"username": "dora@example.com"})
    assert "A username can’t hold an @." in parse(response).text
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_weak_password_is_refused(client: Client) -> None:
    set_policy(SignUp.OPEN)
    response = client.post(URL, FORM | {"password1": "password", "password2": "password"})
    assert "too common" in parse(response).text
    assert not User.objects.exists()


@pytest.mark.django_db
def test_twenty_tries_a_minute_are_enough(client: Client) -> None:
    set_policy(SignUp.OPEN)
    for _ in range(20):
        client.post(URL, {})
    assert client.post(URL, FORM).status_code == 429

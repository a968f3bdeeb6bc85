"""A mail tells of a sign-in with a browser that hadn't been used for the account."""

import pytest
from django.test import Client

from chatsite.accounts.models import User
from tests.accounts.mails import Mails

FORM = {"login": "alice", "password": "correct horse"}


@pytest.fixture(autouse=True)
def _site(alice: User, bob: User) -> None:
    """Both have accounts."""


def sign_in(client: Client, name: str = "alice") -> None:
    client.post("/accounts/login/", FORM | {"login": name}, HTTP_USER_AGENT="Firefox")
    client.post("/accounts/logout/")


def test_a_new_browser_is_told_of(client: Client, mails: Mails) -> None:
    sign_in(client)
    message = mails.one()
    assert (message.to, message.subject) == (["alice@example.com"], "New sign-in to your account")
    assert "With: Firefox" in str(message.body)
    assert "From: 127.0.0.1" in str(message.body)


def test_a_known_one_is_not(client: Client, mails: Mails) -> None:
    sign_in(client)
    sign_in(client)
    assert len(mails.all()) == 1


def test_a_browser_is_known_to_each_user_apart(client: Client, mails: Mails) -> None:
    for name in ("alice", "bob", "alice", "bob"):
        sign_in(client, name)
    assert [message.to for message in mails.all()] == [["alice@example.com"], ["bob@example.com"]]


def test_a_failed_sign_in_makes_none_known(client: Client, mails: Mails) -> None:
    client.post("/accounts/login/", FORM | {"password": "wrong"})
    assert mails.all() == []
    sign_in(client)
    assert len(mails.all()) == 1


def test_a_made_up_cookie_counts_for_nothing(client: Client, alice: User, mails: Mails) -> None:
    client.cookies["known_users"] = f"{alice.pk}:nonsense"
    sign_in(client)
    assert len(mails.all()) == 1


def test_without_mail_none_is_sent(client: Client) -> None:
    sign_in(client)
    assert Mails().all() == []

"""A user's address: confirmed by mail, vouched for by an administrator, changed by either."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from chatsite.accounts.models import User
from tests.accounts.mails import Mails
from tests.test_admin import NEW_USER
from tests.views.html import parse

URL = "/accounts/email/"
SIGN_IN = {"login": "alice", "password": "correct horse"}


@pytest.fixture
def alice_here(client: Client, alice: User) -> Client:
    """alice, who has just given her password again."""
    client.post("/accounts/login/", SIGN_IN)
    client.post("/accounts/reauthenticate/", {"password": "correct horse"})
    return client


def test_who_was_made_by_an_administrator_signs_in_without_confirming(
    ada_client: Client, client: Client, mails: Mails
) -> None:
    ada_client.post("/admin/accounts/user/add/", NEW_USER)
    client.post("/accounts/login/", {"login": "dora", "password": "battery staple"})
    assert client.get("/").status_code == 200


def test_who_has_no_address_signs_in_where_mail_was_set_up_later(
    client: Client, db: None, mails: Mails
) -> None:
    User.objects.create_user("alice", "", "correct horse")
    client.post("/accounts/login/", SIGN_IN)
    assert client.get("/").status_code == 200


def test_a_new_address_counts_once_it_is_confirmed(
    alice_here: Client, alice: User, mails: Mails
) -> None:
    alice_here.post(URL, {"email": "new@example.com", "action_add": "1"})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    (message,) = [each for each in mails.all() if each.to == ["new@example.com"]]
    alice_here.post(f"/accounts/{str(message.body).partition('/accounts/')[2].split()[0]}")
    alice.refresh_from_db()
    assert alice.email == "new@example.com"


def test_a_change_asks_for_the_password(alice_client: Client, mails: Mails) -> None:
    response = alice_client.post(URL, {"email": "new@example.com", "action_add": "1"})
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert mails.all() == []


def test_a_taken_address_looks_like_a_free_one(alice_here: Client, bob: User, mails: Mails) -> None:
    taken = alice_here.post(URL, {"email": "bob@example.com", "action_add": "1"}, follow=True)
    assert "waits to be confirmed" in parse(taken).text


def test_a_taken_address_is_not_taken_over(
    alice_here: Client, alice: User, bob: User, mails: Mails
) -> None:
    alice_here.post(URL, {"email": "bob@example.com", "action_add": "1"})
    (message,) = [each for each in mails.all() if each.to == ["bob@example.com"]]
    link = str(message.body).partition("/accounts/")[2].split()[0]
    assert alice_here.post(f"/accounts/{link}").status_code < 500
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_without_mail_only_an_administrator_changes_it(alice_client: Client, alice: User) -> None:
    page = parse(alice_client.post(URL, {"email": "new@example.com", "action_add": "1"}))
    assert "ask an administrator" in page.text
    assert not EmailAddress.objects.exists()


def test_an_administrators_change_is_confirmed_at_once(ada_client: Client, alice: User) -> None:
    EmailAddress.objects.create(user=alice, email="alice@example.com", primary=True, verified=True)
    form = {"username": "alice", "email": "new@example.com", "role": "user", "theme": "system"}
    url = f"/admin/accounts/user/{alice.pk}/change/"
    assert ada_client.post(url, form | {"is_active": "on"}).status_code == 302
    address = EmailAddress.objects.get(user=alice)
    assert (address.email, address.verified) == ("new@example.com", True)

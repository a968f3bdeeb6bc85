"""Which account an identity opens: its own by the provider's id, an older one by its address."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from tests.conftest import signed_in
from tests.identity_provider.provider import IdentityProvider
from tests.views.html import parse


def user_of(client: Client) -> str:
    return str(client.session["_auth_user_id"])


def test_the_second_visit_is_to_the_same_account(provider: IdentityProvider, anybody: str) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com")
    visitor.sign_in()
    first = user_of(visitor.client)
    visitor.client.logout()
    visitor.sign_in()
    assert user_of(visitor.client) == first


def test_a_new_address_at_the_provider_changes_nothing(
    provider: IdentityProvider, anybody: str
) -> None:
    provider.person(anybody, f"{anybody}@example.com").sign_in()
    response = provider.person(anybody, f"{anybody}@example.org").sign_in()
    assert response.status_code == 302
    assert User.objects.get().email == f"{anybody}@example.com"


def test_the_same_subject_at_another_provider_is_somebody_else(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.org")
    claims = {"iss": "https://elsewhere.example", "sub": "1"}
    SocialAccount.objects.create(user=alice, provider="sso", uid="1", extra_data=claims)
    assert visitor.sign_in().status_code == 403


def test_a_local_account_with_the_address_is_opened_and_connected(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    User.objects.update(email="Alice@Example.com")
    visitor = provider.person(anybody, "alice@example.com")
    visitor.sign_in()
    assert user_of(visitor.client) == str(alice.pk)
    assert SocialAccount.objects.get().user == alice
    assert EmailAddress.objects.get(user=alice).verified


def test_the_password_of_an_account_that_an_administrator_made_stays(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    provider.person(anybody, "alice@example.com").sign_in()
    alice.refresh_from_db()
    assert alice.check_password("correct horse")


def test_an_address_that_is_not_verified_opens_no_account(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    visitor = provider.person(anybody, "alice@example.com", verified=False)
    assert visitor.sign_in().status_code == 403
    assert not SocialAccount.objects.exists()


def test_who_waited_in_an_account_with_an_unproven_address_is_locked_out(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=False, primary=True)
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    waiting = signed_in(alice)
    visitor = provider.person(anybody, "alice@example.com")
    visitor.sign_in()
    alice.refresh_from_db()
    assert user_of(visitor.client) == str(alice.pk)
    assert waiting.get("/").status_code == 302
    assert not alice.has_usable_password()
    assert not Authenticator.objects.exists()


def test_an_unproven_address_of_another_account_is_no_match(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    EmailAddress.objects.create(user=alice, email=f"{anybody}@example.com", verified=False)
    visitor = provider.person(anybody, f"{anybody}@example.com")
    visitor.sign_in()
    assert user_of(visitor.client) != str(alice.pk)
    assert not EmailAddress.objects.filter(user=alice).exists()


def test_the_verified_address_of_an_account_goes_before_the_field(
    provider: IdentityProvider, anybody: str, alice: User, bob: User
) -> None:
    EmailAddress.objects.create(user=bob, email="work@example.com", verified=True, primary=True)
    visitor = provider.person(anybody, "work@example.com")
    visitor.sign_in()
    assert user_of(visitor.client) == str(bob.pk)


@pytest.mark.parametrize("connected", [False, True])
def test_a_closed_account_stays_closed(
    provider: IdentityProvider, anybody: str, alice: User, connected: bool
) -> None:
    visitor = provider.person(anybody, "alice@example.com")
    if connected:
        visitor.sign_in()
        visitor.client.logout()
    User.objects.update(is_active=False)
    response = visitor.sign_in()
    assert response["Location"] == "/accounts/inactive/"
    assert visitor.client.get("/").status_code == 302
    assert SocialAccount.objects.exists() == connected


def test_a_second_factor_is_asked_for_here_too(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    response = provider.person(anybody, "alice@example.com").sign_in()
    assert response["Location"] == "/accounts/2fa/authenticate/"


CONNECT = "/accounts/oidc/sso/login/?process=connect"


def test_one_connects_an_identity_with_another_address(
    provider: IdentityProvider, anybody: str, alice: User, settings: Settings
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.org")
    visitor.client.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    visitor.sign_in(CONNECT)
    visitor.client.post("/accounts/reauthenticate/", {"password": "correct horse"})
    assert SocialAccount.objects.get().user == alice
    visitor.client.logout()
    visitor.sign_in()
    assert user_of(visitor.client) == str(alice.pk)


def test_an_identity_of_somebody_else_is_not_connected(
    provider: IdentityProvider, anybody: str, alice: User, bob: User
) -> None:
    visitor = provider.person(anybody, "bob@example.com")
    visitor.client.force_login(alice)
    visitor.sign_in(CONNECT)
    visitor.client.post("/accounts/reauthenticate/", {"password": "correct horse"})
    assert not SocialAccount.objects.filter(user=alice).exists()


def test_one_disconnects_as_long_as_a_password_is_left(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    visitor = provider.person(anybody, "alice@example.com")
    visitor.sign_in()
    account = SocialAccount.objects.get()
    visitor.client.post("/accounts/provider/", {"account": account.pk})
    visitor.client.post("/accounts/reauthenticate/", {"password": "correct horse"})
    visitor.client.post("/accounts/provider/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_nobody_locks_themselves_out(provider: IdentityProvider, anybody: str) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com")
    visitor.sign_in()
    account = SocialAccount.objects.get()
    page = parse(visitor.client.post("/accounts/provider/", {"account": account.pk}))
    assert "Set a password first" in page.text
    assert SocialAccount.objects.exists()


def test_where_passwords_are_off_the_last_identity_stays(
    provider: IdentityProvider, anybody: str, alice: User, settings: Settings
) -> None:
    settings.LOCAL_PASSWORDS = False
    visitor = provider.person(anybody, "alice@example.com")
    visitor.sign_in()
    visitor.client.post("/accounts/provider/", {"account": SocialAccount.objects.get().pk})
    assert SocialAccount.objects.exists()


def test_the_page_says_what_is_connected(
    provider: IdentityProvider, anybody: str, alice_client: Client
) -> None:
    assert "Not connected" in parse(alice_client.get("/accounts/provider/")).text
    visitor = provider.person(anybody, f"{anybody}@example.com")
    visitor.sign_in()
    page = parse(visitor.client.get("/accounts/provider/"))
    assert f"{anybody}@example.com" in page.text
    assert page.one("h1").text == "Example ID"

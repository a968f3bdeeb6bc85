"""The role that the provider's claim gives, at every sign-in."""

import logging
from typing import Any

import pytest
from pytest_django import Settings

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import get_role, set_role
from tests.identity_provider.provider import IdentityProvider

pytestmark = pytest.mark.usefixtures("groups")


def role_after(provider: IdentityProvider, name: str, **said: Any) -> Role:
    provider.person(name, f"{name}@example.com", **said).sign_in()
    return get_role(User.objects.get(email=f"{name}@example.com"))


@pytest.mark.parametrize(
    ("value", "role"),
    [
        (["staff", "chat-reviewers"], Role.REVIEWER),
        (["chat-reviewers", "chat-admins"], Role.ADMINISTRATOR),
        ("chat-admins", Role.ADMINISTRATOR),
        (["Chat-Admins"], Role.USER),
        ([], Role.USER),
        ({"chat-admins": True}, Role.USER),
        ([["chat-admins"], None, 1], Role.USER),
    ],
)
def test_the_highest_role_that_the_claim_gives(
    provider: IdentityProvider, anybody: str, value: object, role: Role
) -> None:
    assert role_after(provider, anybody, claims={"groups": value}) == role


@pytest.mark.parametrize("place", ["id_token", "userinfo"])
def test_the_claim_is_found_in_either_place(
    provider: IdentityProvider, anybody: str, place: str
) -> None:
    said = {place: {"groups": ["chat-reviewers"]}}
    assert role_after(provider, anybody, **said) == Role.REVIEWER


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["chat-reviewers"]}}),
        ("https://example.com/roles", {"https://example.com/roles": ["chat-reviewers"]}),
    ],
)
def test_the_claim_may_lie_deeper(
    provider: IdentityProvider,
    anybody: str,
    settings: Settings,
    path: str,
    claims: dict[str, object],
) -> None:
    settings.OIDC_ROLE_CLAIM = path
    assert role_after(provider, anybody, claims=claims) == Role.REVIEWER


def test_a_role_that_is_no_longer_claimed_is_lost(
    provider: IdentityProvider, anybody: str, ada: User
) -> None:
    assert role_after(provider, anybody, claims={"groups": ["chat-admins"]}) == "administrator"
    assert role_after(provider, anybody) == Role.USER


def test_an_account_that_was_there_before_takes_the_role(
    provider: IdentityProvider, anybody: str, alice: User, ada: User
) -> None:
    claims = {"groups": ["chat-admins"]}
    provider.person(anybody, "alice@example.com", claims=claims).sign_in()
    assert get_role(alice) == Role.ADMINISTRATOR


def test_the_last_administrator_stays_one_and_the_log_says_so(
    provider: IdentityProvider, anybody: str, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        response = provider.person(anybody, "ada@example.com").sign_in()
    assert response.status_code == 302
    assert get_role(ada) == Role.ADMINISTRATOR
    assert "last administrator" in caplog.text


def test_a_break_glass_administrator_is_not_the_providers_to_demote(
    provider: IdentityProvider, anybody: str, ada: User, rita: User
) -> None:
    set_role(rita, Role.ADMINISTRATOR)
    User.objects.filter(pk=ada.pk).update(break_glass=True)
    provider.person(anybody, "ada@example.com").sign_in()
    assert get_role(ada) == Role.ADMINISTRATOR


def test_without_the_settings_roles_are_given_here(
    provider: IdentityProvider, anybody: str, settings: Settings, rita: User
) -> None:
    settings.OIDC_ROLE_CLAIM = ""
    claims = {"groups": ["chat-admins"]}
    provider.person(anybody, "rita@example.com", claims=claims).sign_in()
    assert get_role(rita) == Role.REVIEWER


def test_connecting_an_identity_gives_no_role(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.org", claims={"groups": ["chat-admins"]})
    visitor.client.force_login(alice)
    visitor.sign_in("/accounts/oidc/sso/login/?process=connect")
    assert get_role(alice) == Role.USER

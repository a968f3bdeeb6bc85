"""Who gets in through the provider."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.invitations.services import (
    build_invitation_link,
    create_invitation,
    use_invitation,
)
from chatsite.accounts.models import Invitation, SitePolicy, User
from chatsite.accounts.roles import Role
from chatsite.accounts.single_sign_on.services import read_verified_email
from chatsite.accounts.users.services import get_role
from tests.accounts.single_sign_on.conftest import set_policy
from tests.identity_provider.provider import IdentityProvider
from tests.identity_provider.visitor import Visitor
from tests.views.html import parse

SignUp = SitePolicy.SignUp


@pytest.mark.parametrize("policy", SignUp.values)
def test_an_allowed_domain_needs_no_invitation_whatever_the_policy(
    provider: IdentityProvider, anybody: str, policy: str
) -> None:
    set_policy(policy)
    visitor = provider.person(anybody, f"{anybody}@example.com")
    response = visitor.sign_in()
    assert (response.status_code, response["Location"]) == (302, "/")
    assert visitor.client.get("/").status_code == 200


def test_the_account_is_what_the_provider_says(provider: IdentityProvider, anybody: str) -> None:
    provider.person(anybody, f"{anybody}@Example.com", name="Dana Díaz").sign_in()
    dana = User.objects.get()
    assert (dana.username, dana.email) == (anybody, f"{anybody}@example.com")
    assert dana.name == "Dana Díaz"
    assert not dana.has_usable_password()
    assert EmailAddress.objects.get(user=dana, primary=True).verified


def test_it_is_a_user_like_any_other(provider: IdentityProvider, anybody: str) -> None:
    provider.person(anybody, f"{anybody}@example.com").sign_in()
    dana = User.objects.get()
    assert [group.name for group in dana.groups.all()] == ["user"]
    assert not dana.is_staff


def test_another_domain_is_refused_in_our_words(provider: IdentityProvider, anybody: str) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.org")
    response = visitor.sign_in()
    assert response.status_code == 403
    page = parse(response)
    assert "No account for you yet" in page.text
    assert f"{anybody}@example.org" in page.text
    assert page.all("a", href="/accounts/login/")
    assert not User.objects.exists()
    assert visitor.client.get("/").status_code == 302


@pytest.mark.parametrize(
    "email", ["{}@evil-example.com", "{}@sub.example.com", "{}@example.com.x.org"]
)
def test_a_domain_that_only_resembles_is_refused(
    provider: IdentityProvider, anybody: str, email: str
) -> None:
    assert provider.person(anybody, email.format(anybody)).sign_in().status_code == 403


def test_an_address_that_is_not_verified_is_refused(
    provider: IdentityProvider, anybody: str
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com", verified=False)
    response = visitor.sign_in()
    assert response.status_code == 403
    assert "doesn’t say that your email address is yours" in parse(response).text


def test_false_as_a_text_is_not_true(provider: IdentityProvider, anybody: str) -> None:
    claims = {"email_verified": "false"}
    visitor = provider.person(anybody, f"{anybody}@example.com", claims=claims)
    assert visitor.sign_in().status_code == 403


def test_every_domain_may_be_allowed(
    provider: IdentityProvider, anybody: str, settings: Settings
) -> None:
    settings.OIDC_ALLOWED_DOMAINS = {"*"}
    visitor = provider.person(anybody, f"{anybody}@example.org")
    assert visitor.sign_in().status_code == 302


def invited(visitor: Visitor, **invitation: Any) -> Invitation:
    """The browser has opened the link of such an invitation."""
    made = create_invitation(**invitation)
    visitor.client.get(urlsplit(build_invitation_link(made)).path)
    return made


def test_an_invitation_admits_and_gives_its_role_and_group(
    provider: IdentityProvider, anybody: str
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.org")
    team = Group.objects.create(name="Team")
    invitation = invited(visitor, role=Role.REVIEWER, group=team)
    assert visitor.sign_in().status_code == 302
    dana = User.objects.get()
    assert get_role(dana) == Role.REVIEWER
    assert team in dana.groups.all()
    assert dana.invitation == invitation
    invitation.refresh_from_db()
    assert invitation.uses == 1


def test_an_invitation_for_another_address_does_not(
    provider: IdentityProvider, anybody: str
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.org")
    invited(visitor, email="somebody@example.org")
    assert visitor.sign_in().status_code == 403


def test_an_invitation_for_an_address_needs_one_that_is_verified(
    provider: IdentityProvider, anybody: str
) -> None:
    email = f"{anybody}@example.org"
    visitor = provider.person(anybody, email, verified=False)
    invited(visitor, email=email)
    assert visitor.sign_in().status_code == 403


def test_an_invitation_that_is_used_up_makes_no_account(
    provider: IdentityProvider, anybody: str
) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.org")
    invitation = invited(visitor)
    location = visitor.answer_of_provider()
    use_invitation(invitation=invitation)
    assert visitor.come_back(location).status_code == 403
    assert not User.objects.exists()


def test_the_sign_up_page_offers_it_too(provider: IdentityProvider, client: Client) -> None:
    set_policy(SignUp.OPEN)
    page = parse(client.get("/accounts/signup/"))
    assert page.one("form", action="/accounts/oidc/sso/login/")


def test_without_domains_the_policy_decides(
    provider: IdentityProvider, anybody: str, settings: Settings
) -> None:
    settings.OIDC_ALLOWED_DOMAINS = set()
    visitor = provider.person(anybody, f"{anybody}@example.com")
    assert visitor.sign_in().status_code == 403
    set_policy(SignUp.DOMAINS, "example.com")
    assert visitor.sign_in().status_code == 302


def test_an_open_policy_admits_who_has_no_verified_address_without_it(
    provider: IdentityProvider, anybody: str
) -> None:
    set_policy(SignUp.OPEN)
    provider.person(anybody, f"{anybody}@example.com", verified=False).sign_in()
    assert User.objects.get().email == ""


def test_a_provider_that_never_says_verified_can_be_trusted(
    provider: IdentityProvider, anybody: str, settings: Settings
) -> None:
    claims = {"email": f"{anybody}@example.com"}
    visitor = provider.person(anybody, claims=claims)
    assert visitor.sign_in().status_code == 403
    settings.OIDC_TRUST_EMAIL = True
    assert visitor.sign_in().status_code == 302


def test_a_trusted_provider_that_says_unverified_is_believed(
    provider: IdentityProvider, anybody: str, settings: Settings
) -> None:
    settings.OIDC_TRUST_EMAIL = True
    visitor = provider.person(anybody, f"{anybody}@example.com", verified=False)
    assert visitor.sign_in().status_code == 403


@pytest.mark.parametrize(
    ("preferred", "username"),
    [
        ("Zoë.Smith", "zoe.smith"),
        ("zoe@elsewhere.example", "zoe"),
        ("CORP\\zoe", "corpzoe"),
        ("", "{}"),
        ("王", "{}"),
    ],
)
def test_usernames_are_made_valid(
    provider: IdentityProvider, anybody: str, preferred: str, username: str
) -> None:
    claims = {"preferred_username": preferred}
    provider.person(anybody, f"{anybody}@example.com", claims=claims).sign_in()
    user = User.objects.get()
    user.full_clean(exclude=["password"])
    assert user.username == username.format(anybody)


def test_a_username_that_is_taken_gets_a_number(
    provider: IdentityProvider, anybody: str, alice: User
) -> None:
    claims = {"preferred_username": "ALICE"}
    provider.person(anybody, f"{anybody}@example.com", claims=claims).sign_in()
    other = User.objects.exclude(pk=alice.pk).get()
    assert other.username.startswith("alice")


def test_what_is_kept_of_the_claims_is_what_is_used(
    provider: IdentityProvider, anybody: str
) -> None:
    claims = {"birthdate": "1980-01-01"}
    provider.person(anybody, f"{anybody}@example.com", claims=claims).sign_in()
    kept = SocialAccount.objects.get().extra_data
    assert set(kept) == {"iss", "sub", "email", "preferred_username", "role", "vouched"}


def test_who_wanted_a_page_gets_there(provider: IdentityProvider, anybody: str) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com")
    path = "/accounts/oidc/sso/login/?next=/accounts/sessions/"
    assert visitor.sign_in(path)["Location"] == "/accounts/sessions/"


def test_no_way_leads_to_another_site(provider: IdentityProvider, anybody: str) -> None:
    visitor = provider.person(anybody, f"{anybody}@example.com")
    path = "/accounts/oidc/sso/login/?next=https://evil.example/"
    assert visitor.sign_in(path)["Location"] == "/"


def test_a_link_begins_nothing_by_itself(provider: IdentityProvider, client: Client) -> None:
    page = parse(client.get("/accounts/oidc/sso/login/"))
    assert page.one("form", method="post")
    assert provider.issuer not in str(page.elements)


def test_only_a_form_of_this_site_begins_it(provider: IdentityProvider) -> None:
    foreign = Client(enforce_csrf_checks=True)
    assert foreign.post("/accounts/oidc/sso/login/").status_code == 403


def test_the_sign_in_page_offers_it(provider: IdentityProvider, client: Client) -> None:
    page = parse(client.get("/accounts/login/?next=/accounts/sessions/"))
    assert page.one("form", action="/accounts/oidc/sso/login/")
    assert "Continue with Example ID" in page.text
    assert len(page.all("input", name="next", value="/accounts/sessions/")) == 2


def test_without_a_provider_nothing_is_offered(client: Client, db: None) -> None:
    assert "Continue with" not in parse(client.get("/accounts/login/")).text
    assert client.post("/accounts/oidc/sso/login/").status_code == 404


@pytest.mark.parametrize("letter", ["\u212a", "\u017f", "\u0131"])
def test_an_address_with_a_letter_that_only_resembles_is_none(letter: str) -> None:
    claims = {"email": f"{letter}ate@example.com", "email_verified": True}
    assert read_verified_email(claims) == ""

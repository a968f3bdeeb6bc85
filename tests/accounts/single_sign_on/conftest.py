"""The site with its identity provider, which is a real one."""

import uuid

import pytest
from django.core.cache import cache
from pytest_django import Settings

from chatsite import single_sign_on
from chatsite.accounts.models import SitePolicy
from tests.identity_provider.provider import IdentityProvider


@pytest.fixture(scope="session")
def registration(identity_provider: IdentityProvider) -> dict[str, str]:
    return identity_provider.register("tests", "http://testserver")


@pytest.fixture
def provider(
    db: None,
    settings: Settings,
    identity_provider: IdentityProvider,
    registration: dict[str, str],
) -> IdentityProvider:
    """Signs in people of example.com; nobody is invited."""
    for name, value in registration.items():
        setattr(settings, name, value)
    settings.OIDC_ALLOWED_DOMAINS = {"example.com"}
    use_provider(settings)
    return identity_provider


def use_provider(settings: Settings, **changed: str) -> None:
    options = {
        "issuer": settings.OIDC_ISSUER,
        "client_id": settings.OIDC_CLIENT_ID,
        "client_secret": settings.OIDC_CLIENT_SECRET,
        "label": settings.OIDC_LABEL,
    }
    settings.SOCIALACCOUNT_PROVIDERS = single_sign_on.build_providers(
        **(options | changed), scopes=["openid", "email", "profile"]
    )


@pytest.fixture
def anybody() -> str:
    """A name that nobody has had at the provider, which outlives the tests."""
    return f"dana{uuid.uuid4().hex[:8]}"


@pytest.fixture
def groups(settings: Settings) -> None:
    """Roles come from the claim `groups`."""
    settings.OIDC_ROLE_CLAIM = "groups"
    settings.OIDC_ROLES = {"chat-admins": "administrator", "chat-reviewers": "reviewer"}


def set_policy(sign_up: str, domains: str = "") -> None:
    SitePolicy.objects.update_or_create(
        pk=1, defaults={"sign_up": sign_up, "sign_up_domains": domains}
    )
    cache.clear()

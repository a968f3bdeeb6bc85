"""Single sign-on from the environment: its parts are read and checked as one whole."""

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from chatsite import env

# The part of every URL of the provider's, and of each connection of an account to it.
PROVIDER_ID = "sso"
WELL_KNOWN = "/.well-known/openid-configuration"
EVERY_DOMAIN = "*"
DOMAIN = re.compile(r"[^\s@/:*]+")
# Settings are read before the roles can be; a test holds the two together.
ROLES = ("user", "reviewer", "administrator")


def read_issuer(name: str) -> str:
    """Read the provider's address, without the well-known part that some copy; "" when unset."""
    value = env.string(name).removesuffix(WELL_KNOWN).rstrip("/")
    parts = env.split_url(value)
    if value and (not parts or parts.query or parts.fragment or "@" in parts.netloc):
        raise ImproperlyConfigured(
            f"{name} must look like https://login.example.com/realm, not {value!r}."
        )
    if parts and parts.scheme == "http" and not env.is_loopback(parts.hostname or ""):
        raise ImproperlyConfigured(
            f"{name} must begin with https://: without it whoever is on the line decides who "
            f"signs in. {value!r} may stay without only on this machine."
        )
    return value


def read_domains(name: str) -> frozenset[str]:
    """Read lower-case email domains; `*` alone is every domain."""
    words = {word.lower().removeprefix("@") for word in env.words(name)}
    for word in words - {EVERY_DOMAIN}:
        if not DOMAIN.fullmatch(word):
            raise ImproperlyConfigured(
                f"{name} must be domains such as example.com,example.org or * for every one, "
                f"not {word!r}."
            )
    return frozenset(words)


def read_roles(name: str) -> dict[str, str]:
    """Read what the claim says → the role; what it says may hold colons of its own."""
    pairs = {}
    for word in env.words(name):
        value, _colon, role = (part.strip() for part in word.rpartition(":"))
        if not value or role not in ROLES:
            raise ImproperlyConfigured(
                f"{name} must look like chat-admins:administrator,chat-reviewers:reviewer; the "
                f"roles are {', '.join(ROLES)}. {word!r} doesn’t fit."
            )
        pairs[value] = role
    return pairs


def read_scopes(name: str) -> list[str]:
    """Read the scopes, always with `openid`: without it a provider says nothing of who it is."""
    return list(dict.fromkeys(["openid", *(env.words(name) or ["email", "profile"])]))


def check_settings(
    *, issuer: str, client_id: str, role_claim: str, roles: dict[str, str], local_passwords: bool
) -> None:
    """Check settings that mean nothing without each other. Raises ImproperlyConfigured."""
    if issuer and not client_id:
        raise ImproperlyConfigured(
            "OIDC_ISSUER is set without OIDC_CLIENT_ID. Register this site at the provider and set "
            "the client ID (and OIDC_CLIENT_SECRET) that it gives."
        )
    if client_id and not issuer:
        raise ImproperlyConfigured(
            "OIDC_CLIENT_ID is set without OIDC_ISSUER. Set it to the provider’s address."
        )
    if bool(role_claim) != bool(roles):
        raise ImproperlyConfigured(
            "OIDC_ROLE_CLAIM and OIDC_ROLES belong together: the first names the claim, the second "
            "says which of its values gives which role. Set both or neither."
        )
    if not local_passwords and not issuer:
        raise ImproperlyConfigured(
            "LOCAL_PASSWORDS is false without OIDC_ISSUER: nobody could sign in. Set OIDC_ISSUER, "
            "or leave LOCAL_PASSWORDS out."
        )


def build_providers(
    *, issuer: str, client_id: str, client_secret: str, label: str, scopes: list[str]
) -> dict[str, Any]:
    """Return allauth's SOCIALACCOUNT_PROVIDERS; without an issuer there are none."""
    app = {
        "provider_id": PROVIDER_ID,
        "name": label,
        "client_id": client_id,
        "secret": client_secret,
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True, "scope": scopes},
    }
    return {
        "openid_connect": {
            "provider_class": "chatsite.accounts.single_sign_on.provider.SingleSignOnProvider",
            "APPS": [app] if issuer else [],
        }
    }

"""What the provider says of people beyond allauth's own claims."""

from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from django.contrib.auth.models import AbstractBaseUser

# By username, and within by where they are said: `id_token` or `userinfo`.
CLAIMS: dict[str, dict[str, dict[str, Any]]] = {}


class ClaimsAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    def get_claims(
        self,
        purpose: str,
        user: AbstractBaseUser,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        claims: dict[str, Any] = super().get_claims(purpose, user, client, scopes, email, **kwargs)
        return claims | CLAIMS.get(user.get_username(), {}).get(purpose, {})

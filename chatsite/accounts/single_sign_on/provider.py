"""Our OpenID Connect provider: allauth's, made stricter about what a provider says.

Whatever a provider does wrong becomes an OAuth2Error or a RequestException, for which there are
pages; and of its claims only those are kept that are used.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.http import HttpRequest

from chatsite import env
from chatsite.accounts.single_sign_on.services import map_role, read_verified_email

DISCOVERY_KEPT = 600  # seconds
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
KEPT_CLAIMS = ("iss", "sub", "email", "preferred_username", "name")


@contextmanager
def convert_answer_errors() -> Iterator[None]:
    """Raise OAuth2Error for an answer that lacks a part or has one of the wrong type."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise OAuth2Error(f"unusable answer: {type(error).__name__}") from error


class SingleSignOnAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    @property
    def openid_config(self) -> dict[str, Any]:
        """The discovery document, asked for about every ten minutes."""
        issuer = self.get_provider().app.settings["server_url"]
        key = f"oidc:{hashlib.sha256(issuer.encode()).hexdigest()}"
        config: dict[str, Any] | None = cache.get(key)
        if config is None:
            with convert_answer_errors():
                config = dict(super().openid_config)
                check_discovery(config, issuer)
            cache.set(key, config, DISCOVERY_KEPT)
        return config

    @property
    def basic_auth(self) -> bool:
        """As the standard has it: HTTP Basic where the provider names no other way."""
        methods = self.openid_config.get("token_endpoint_auth_methods_supported")
        return "client_secret_post" not in (methods or ["client_secret_basic"])

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        with convert_answer_errors():
            return super().get_access_token_data(*args, **kwargs)

    def parse_token(self, data: Any) -> SocialToken:
        with convert_answer_errors():
            return super().parse_token(data)

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        with convert_answer_errors():
            claims = self._decode_id_token(app, kwargs["response"]["id_token"])
            if "userinfo_endpoint" in self.openid_config:
                userinfo = self._fetch_user_info(token.token)
                # A token of somebody else, slipped in, would make them the one who signs in.
                if userinfo["sub"] != claims["sub"]:
                    raise OAuth2Error("userinfo is somebody else’s")
                claims |= userinfo | {"iss": claims["iss"]}
            return self.get_provider().sociallogin_from_response(request, claims)


def check_discovery(config: dict[str, Any], issuer: str) -> None:
    if config["issuer"].rstrip("/") != issuer:
        raise OAuth2Error("the discovery document is another issuer’s; check OIDC_ISSUER")
    for name in ENDPOINTS:
        if not env.split_url(config[name]):
            raise OAuth2Error(f"{name} is no address")


def make_storable(value: Any) -> str:
    """Return text that a database takes: JSON can hold NUL characters and halves of letters."""
    return str(value).replace("\x00", "").encode("utf-8", "ignore").decode()


class SingleSignOnProvider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = SingleSignOnAdapter

    def extract_uid(self, claims: dict[str, Any]) -> str:
        """Issuer and subject together name a person: another provider may use the same subjects.
        Hashed, because they may be longer than the column.
        """
        return hashlib.sha256(f"{claims['iss']} {claims['sub']}".encode()).hexdigest()

    def extract_extra_data(self, claims: dict[str, Any]) -> dict[str, Any]:
        kept = {name: make_storable(claims[name]) for name in KEPT_CLAIMS if claims.get(name)}
        return kept | {"role": map_role(claims), "vouched": bool(read_verified_email(claims))}

    def extract_common_fields(self, claims: dict[str, Any]) -> dict[str, str]:
        parts = (claims.get("given_name"), claims.get("family_name"))
        return {
            "email": read_verified_email(claims),
            "username": make_storable(
                claims.get("preferred_username") or claims.get("email") or ""
            ),
            "name": make_storable(
                claims.get("name") or " ".join(str(part) for part in parts if part)
            ),
        }

    def extract_email_addresses(self, claims: dict[str, Any]) -> list[EmailAddress]:
        email = read_verified_email(claims)
        return [EmailAddress(email=email, verified=True, primary=True)] if email else []


provider_classes = [SingleSignOnProvider]

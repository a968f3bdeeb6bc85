"""What we use of allauth beside its public parts is still there, as it was when it was read."""

from importlib.metadata import version
from inspect import get_annotations, signature
from pathlib import Path
from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

from chatsite.accounts import allauth_internals

# The version whose internals were read. With a new one: read what has changed in each of them.
READ = "65.21.1"
REQUIREMENTS = Path(__file__).parents[2] / "requirements.txt"
PARAMETERS = {
    "clean_client_ip": ["ip"],
    "clear_login": ["request"],
    "get_cache_key": ["request", "app", "action", "rate", "key", "user"],
    "get_rates": ["app", "action", "config"],
    "normalize_user_code": ["code"],
    "record_authentication": ["request", "user", "method", "extra_data"],
}


def parameters_of(function: Any) -> list[str]:
    return list(signature(function).parameters)


def test_the_locked_and_the_installed_version_are_the_one_that_was_read() -> None:
    assert version("django-allauth") == READ
    assert f"django-allauth=={READ} " in REQUIREMENTS.read_text(encoding="utf-8")


def test_every_internal_is_listed() -> None:
    assert sorted(PARAMETERS) == sorted(allauth_internals.__all__)


@pytest.mark.parametrize("name", PARAMETERS)
def test_an_internal_takes_what_we_give_it(name: str) -> None:
    assert parameters_of(getattr(allauth_internals, name)) == PARAMETERS[name]


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    [
        (AuthenticationBackend, "_authenticate_by_username", ["self", "username", "password"]),
        (AuthenticationBackend, "_authenticate_by_email", ["self", "email", "password"]),
        (AuthenticationBackend, "_check_password", ["self", "user", "password"]),
        (
            DefaultAccountAdapter,
            "_get_login_attempts_cache_key",
            ["self", "request", "credentials"],
        ),
        (OpenIDConnectOAuth2Adapter, "_decode_id_token", ["self", "app", "id_token"]),
        (OpenIDConnectOAuth2Adapter, "_fetch_user_info", ["self", "access_token"]),
    ],
)
def test_a_private_method_that_we_override_or_call_is_the_same(
    owner: type, name: str, parameters: list[str]
) -> None:
    assert parameters_of(getattr(owner, name)) == parameters


def test_the_backend_knows_whether_it_has_checked_a_password() -> None:
    assert "_did_check_password" in AuthenticationBackend.authenticate.__code__.co_names


def test_a_login_says_whether_it_found_its_account_by_address() -> None:
    assert "_did_authenticate_by_email" in get_annotations(SocialLogin)

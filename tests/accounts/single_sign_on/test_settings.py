"""The environment of single sign-on: what is read, and what is refused with a sentence."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from chatsite import single_sign_on
from chatsite.accounts.roles import Role
from tests.e2e.site import ROOT

Env = pytest.MonkeyPatch


def test_the_roles_are_those_of_the_accounts() -> None:
    assert list(single_sign_on.ROLES) == Role.values


@pytest.mark.parametrize(
    ("value", "issuer"),
    [
        ("https://login.example.com", "https://login.example.com"),
        ("https://login.example.com/realms/a/", "https://login.example.com/realms/a"),
        (
            "https://login.example.com/.well-known/openid-configuration",
            "https://login.example.com",
        ),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
        ("", ""),
    ],
)
def test_the_issuer_is_an_address(monkeypatch: Env, value: str, issuer: str) -> None:
    monkeypatch.setenv("SOME_ISSUER", value)
    assert single_sign_on.read_issuer("SOME_ISSUER") == issuer


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("login.example.com", "must look like"),
        ("https://login.example.com/?a=b", "must look like"),
        ("https://name:word@login.example.com", "must look like"),
        ("http://login.example.com", "must begin with https://"),
        ("http://localhost.example.com", "must begin with https://"),
    ],
)
def test_what_is_no_issuer_is_named(monkeypatch: Env, value: str, sentence: str) -> None:
    monkeypatch.setenv("SOME_ISSUER", value)
    with pytest.raises(ImproperlyConfigured, match=f"SOME_ISSUER {sentence}"):
        single_sign_on.read_issuer("SOME_ISSUER")


def test_domains_are_read_in_any_case(monkeypatch: Env) -> None:
    monkeypatch.setenv("SOME_DOMAINS", "Example.com, @example.org")
    assert single_sign_on.read_domains("SOME_DOMAINS") == {"example.com", "example.org"}


@pytest.mark.parametrize("value", ["dana@example.com", "*.example.com", "https://example.com"])
def test_what_is_no_domain_is_named(monkeypatch: Env, value: str) -> None:
    monkeypatch.setenv("SOME_DOMAINS", value)
    with pytest.raises(ImproperlyConfigured, match="SOME_DOMAINS must be domains"):
        single_sign_on.read_domains("SOME_DOMAINS")


def test_what_gives_a_role_may_hold_colons(monkeypatch: Env) -> None:
    monkeypatch.setenv("SOME_ROLES", "urn:x:admins:administrator, /reviewers : reviewer")
    assert single_sign_on.read_roles("SOME_ROLES") == {
        "urn:x:admins": "administrator",
        "/reviewers": "reviewer",
    }


@pytest.mark.parametrize("value", ["chat-admins", "chat-admins:admin", ":reviewer"])
def test_what_gives_no_role_is_named(monkeypatch: Env, value: str) -> None:
    monkeypatch.setenv("SOME_ROLES", value)
    with pytest.raises(ImproperlyConfigured, match="the roles are user, reviewer, administrator"):
        single_sign_on.read_roles("SOME_ROLES")


def test_openid_is_always_asked_for(monkeypatch: Env) -> None:
    assert single_sign_on.read_scopes("SOME_SCOPES") == ["openid", "email", "profile"]
    monkeypatch.setenv("SOME_SCOPES", "email,groups")
    assert single_sign_on.read_scopes("SOME_SCOPES") == ["openid", "email", "groups"]


ISSUER = {"OIDC_ISSUER": "https://login.example.com"}
SET_UP = {**ISSUER, "OIDC_CLIENT_ID": "chat"}


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (ISSUER, "OIDC_ISSUER is set without OIDC_CLIENT_ID"),
        ({"OIDC_CLIENT_ID": "chat"}, "OIDC_CLIENT_ID is set without OIDC_ISSUER"),
        ({**SET_UP, "OIDC_ROLE_CLAIM": "groups"}, "belong together"),
        ({**SET_UP, "OIDC_ROLES": "a:reviewer"}, "belong together"),
        ({"LOCAL_PASSWORDS": "no"}, "nobody could sign in"),
        ({**SET_UP, "LOCAL_PASSWORDS": "perhaps"}, "LOCAL_PASSWORDS must be true or false"),
    ],
)
def test_settings_that_mean_nothing_alone_are_refused(
    environment: dict[str, str], sentence: str
) -> None:
    assert sentence in read_settings(**environment)


def test_a_whole_environment_is_accepted() -> None:
    said = read_settings(
        **SET_UP,
        OIDC_CLIENT_SECRET="a secret",
        OIDC_ROLE_CLAIM="groups",
        OIDC_ROLES="a:reviewer",
        LOCAL_PASSWORDS="false",
    )
    assert said == "read"


def read_settings(**environment: str) -> str:
    """What a process says that reads the settings in this environment."""
    command = "import chatsite.settings; print('read', end='')"
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "DATA_DIR"}}
    process = subprocess.run(
        [sys.executable, "-c", command],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return process.stdout + process.stderr

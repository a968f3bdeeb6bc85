"""What follows from where the site is reached: HTTPS, secure cookies, hosts."""

import functools
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from pytest_django import Settings

from chatsite.accounts.models import User
from tests.views.html import parse

SETTINGS = (
    "DEBUG",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "TRUSTED_PROXY_COUNT",
    "SECURE_PROXY_SSL_HEADER",
    "SECURE_SSL_REDIRECT",
    "SECURE_REDIRECT_EXEMPT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
)


@functools.cache
def settings_of_a_site(public_url: str = "") -> dict[str, Any]:
    """The settings that a new process of the site makes of its PUBLIC_URL."""
    script = (
        "import json, sys; from django.conf import settings; "
        "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))"
    )
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "DJANGO_SETTINGS_MODULE": "chatsite.settings",
        "SECRET_KEY": "of no consequence",
        "PUBLIC_URL": public_url,
    }
    printed = subprocess.run(
        [sys.executable, "-c", script, *SETTINGS],
        env=environment,
        cwd=site.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    values: dict[str, Any] = json.loads(printed)
    return values


HOST = "chat.example.com"


@pytest.fixture
def https(settings: Settings) -> Client:
    """A browser before a site with PUBLIC_URL=https://chat.example.com, behind its proxy."""
    values = settings_of_a_site(f"https://{HOST}")
    for name, value in values.items():
        setattr(settings, name, value)
    return Client(SERVER_NAME=HOST, headers={"X-Forwarded-Proto": "https"})


@pytest.mark.django_db
def test_https_is_remembered_for_a_year(https: Client) -> None:
    value = https.get("/accounts/login/")["Strict-Transport-Security"]
    assert value.startswith("max-age=31536000")


def test_cookies_are_sent_over_https_only(https: Client, alice: User) -> None:
    https.get("/accounts/login/")
    response = https.post("/accounts/login/", {"login": "alice", "password": "correct horse"})
    assert response.status_code == 302
    assert https.cookies["sessionid"]["secure"]
    assert https.cookies["csrftoken"]["secure"]


@pytest.mark.django_db
def test_http_leads_to_https(https: Client) -> None:
    response = https.get("/accounts/login/?a=b", headers={"X-Forwarded-Proto": "http"})
    assert response.status_code == 301
    assert response["Location"] == f"https://{HOST}/accounts/login/?a=b"


@pytest.mark.parametrize("path", ["/livez/", "/readyz/", "/healthz/"])
@pytest.mark.django_db(transaction=True)
def test_a_health_check_needs_no_https(https: Client, path: str) -> None:
    assert https.get(path, headers={"X-Forwarded-Proto": "http"}).status_code == 200


@pytest.mark.django_db
def test_a_form_from_the_public_address_is_accepted(https: Client) -> None:
    strict = Client(True, SERVER_NAME=HOST, headers={"X-Forwarded-Proto": "https"})
    page = parse(strict.get("/accounts/login/"))
    token = page.all("input", name="csrfmiddlewaretoken")[0]["value"]
    form = {"login": "a", "password": "b", "csrfmiddlewaretoken": token}
    mine = strict.post("/accounts/login/", form, headers={"Origin": f"https://{HOST}"})
    evil = strict.post("/accounts/login/", form, headers={"Origin": "https://evil.example"})
    assert (mine.status_code, evil.status_code) == (200, 403)


def test_plain_http_promises_nothing() -> None:
    values = settings_of_a_site("http://intranet:8000")
    assert values["SECURE_HSTS_SECONDS"] == 0
    assert values["SESSION_COOKIE_SECURE"] is False
    assert values["SECURE_SSL_REDIRECT"] is False
    assert "intranet" in values["ALLOWED_HOSTS"]


def test_without_proxies_no_header_says_https() -> None:
    assert settings_of_a_site()["SECURE_PROXY_SSL_HEADER"] is None


def test_debug_is_off_unless_asked_for() -> None:
    assert settings_of_a_site()["DEBUG"] is False

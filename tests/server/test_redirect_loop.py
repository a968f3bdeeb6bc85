"""A proxy that speaks https and doesn't say so."""

import pytest
from django.conf import settings as site_settings
from django.test import Client, override_settings

from chatsite.server.redirect_loop import SUSPICIOUS

HTTPS = override_settings(
    PUBLIC_URL="https://chat.example.com",
    ALLOWED_HOSTS=["chat.example.com"],
    SECURE_SSL_REDIRECT=True,
    SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
    TRUSTED_PROXY_COUNT=1,
)


def ask(client: Client, proto: str | None = None, *, times: int = SUSPICIOUS) -> None:
    told = {"X-Forwarded-Proto": proto} if proto else {}
    for _ in range(times):
        client.get("/accounts/login/", headers={"Host": "chat.example.com"} | told)


@HTTPS
@pytest.mark.django_db
def test_a_loop_is_said_in_the_log_once(caplog: pytest.LogCaptureFixture) -> None:
    ask(Client(), times=20)
    assert caplog.text.count("X-Forwarded-Proto is missing") == 1
    assert "docs/deploy.md" in caplog.text


@HTTPS
@pytest.mark.django_db
def test_what_the_proxy_said_instead_is_told(caplog: pytest.LogCaptureFixture) -> None:
    ask(Client(), "http")
    assert "X-Forwarded-Proto was 'http'" in caplog.text


@HTTPS
@override_settings(TRUSTED_PROXY_COUNT=0, SECURE_PROXY_SSL_HEADER=None)
@pytest.mark.django_db
def test_a_header_that_is_not_believed_is_told(caplog: pytest.LogCaptureFixture) -> None:
    ask(Client(), "https")
    assert "TRUSTED_PROXY_COUNT is 0" in caplog.text


@HTTPS
@pytest.mark.django_db
def test_people_who_type_http_are_no_loop(caplog: pytest.LogCaptureFixture) -> None:
    client = Client()
    ask(client, "https", times=1)
    ask(client, "http", times=20)
    assert "loop" not in caplog.text


def test_it_stands_before_what_redirects() -> None:
    names = site_settings.MIDDLEWARE
    loop = names.index("chatsite.server.redirect_loop.RedirectLoopMiddleware")
    assert loop < names.index("django.middleware.security.SecurityMiddleware")

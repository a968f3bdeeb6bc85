"""Django's mailers from EMAIL_URL."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from chatsite import mail


def options(url: str) -> dict[str, Any]:
    found: dict[str, Any] = mail.read_mailers(url)["default"]["OPTIONS"]
    return found


@pytest.mark.parametrize(
    ("url", "port", "protection"),
    [
        ("smtp://mail.example.com", 25, {}),
        ("smtp+tls://mail.example.com", 587, {"use_tls": True}),
        ("smtps://mail.example.com", 465, {"use_ssl": True}),
        ("smtps://mail.example.com:2465", 2465, {"use_ssl": True}),
    ],
)
def test_the_scheme_says_how_the_line_is_protected(
    url: str, port: int, protection: dict[str, bool]
) -> None:
    found = options(url)
    assert (found["host"], found["port"]) == ("mail.example.com", port)
    assert {key: value for key, value in found.items() if key.startswith("use_")} == protection


def test_name_and_password_may_hold_any_character() -> None:
    found = options("smtp+tls://me%40example.com:p%3Aa%2Fss@mail.example.com")
    assert (found["username"], found["password"]) == ("me@example.com", "p:a/ss")


def test_nobody_waits_for_ever() -> None:
    assert options("smtp://mail.example.com")["timeout"] > 0


def test_mail_can_go_to_files() -> None:
    assert options("file:///var/mail%20box") == {"file_path": "/var/mail box"}


def test_mail_can_go_to_the_terminal() -> None:
    assert mail.read_mailers("console:")["default"]["BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://host:none", "file:"]
)
def test_what_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL can't be read"):
        mail.read_mailers(url)


def test_a_refusal_keeps_the_password_to_itself() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        mail.read_mailers("smpt://me:secret-word@mail.example.com")
    assert "secret-word" not in str(refused.value)

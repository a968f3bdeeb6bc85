"""Passwords are kept as Argon2 hashes; only these tests use a quicker one."""

from django.contrib.auth.hashers import check_password, make_password
from pytest_django import Settings

from chatsite import settings as production


def test_argon2_is_what_the_site_hashes_with(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    hashed = make_password("correct horse")
    assert hashed.startswith("argon2$argon2id$")
    assert check_password("correct horse", hashed)
    assert not check_password("Correct horse", hashed)


def test_hashes_of_djangos_default_still_work(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    hashed = make_password("correct horse", hasher="pbkdf2_sha256")
    assert check_password("correct horse", hashed)

"""What may be set for a bucket, and what is refused."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from chatsite.s3 import configuration


@pytest.mark.parametrize("value", ["", "chat-files", "chat.files_2"])
def test_a_bucket_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("S3_BUCKET", value)
    assert configuration.read_bucket("S3_BUCKET") == value


@pytest.mark.parametrize("value", ["s3://chat-files", "chat files", "chat/files", "x"])
def test_what_is_no_name_of_a_bucket_is_refused(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("S3_BUCKET", value)
    with pytest.raises(ImproperlyConfigured, match="S3_BUCKET must be the name of a bucket"):
        configuration.read_bucket("S3_BUCKET")


@pytest.mark.parametrize(
    ("value", "prefix"),
    [("", ""), ("/", ""), ("chat", "chat/"), ("/sites/chat/", "sites/chat/")],
)
def test_a_prefix_ends_in_a_slash(monkeypatch: pytest.MonkeyPatch, value: str, prefix: str) -> None:
    monkeypatch.setenv("S3_PREFIX", value)
    assert configuration.read_prefix("S3_PREFIX") == prefix


@pytest.mark.parametrize("value", ["a b", "../chat", "chat/../x", "a//b", "chat/..", "ü"])
def test_what_is_no_prefix_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("S3_PREFIX", value)
    with pytest.raises(ImproperlyConfigured, match="S3_PREFIX must be like chat"):
        configuration.read_prefix("S3_PREFIX")


@pytest.mark.parametrize(("access_key", "secret_key"), [("key", ""), ("", "secret")])
def test_half_of_the_credentials_is_refused(access_key: str, secret_key: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="belong together"):
        configuration.check_settings(bucket="b", access_key=access_key, secret_key=secret_key)


def test_without_credentials_there_may_be_a_role() -> None:
    configuration.check_settings(bucket="b", access_key="", secret_key="")
    # They may be for something else.
    configuration.check_settings(bucket="", access_key="key", secret_key="")

"""What settings.py reads for a bucket. Nothing of the library is imported here."""

import re
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from chatsite import env

BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}")
# What needs no encoding in an address, and no second thought in a shell.
PREFIX = re.compile(r"[A-Za-z0-9._/-]*")


def read_bucket(name: str) -> str:
    """A bucket's name; "" when unset."""
    value = env.string(name)
    if value and not BUCKET.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name} must be the name of a bucket, such as chat-files, not {value!r}."
        )
    return value


def read_prefix(name: str) -> str:
    """What the keys of all objects begin with: "" or a path that ends in a slash."""
    value = env.string(name).strip("/")
    if value and (not PREFIX.fullmatch(value) or {"", ".", ".."} & set(value.split("/"))):
        raise ImproperlyConfigured(
            f"{name} must be like chat or sites/chat (letters, digits, . _ - and /), not {value!r}."
        )
    return f"{value}/" if value else ""


def check_settings(*, bucket: str, access_key: str, secret_key: str) -> None:
    """Raise ImproperlyConfigured for what could only fail later. Without either key, botocore looks
    for a role and in ~/.aws.
    """
    if bucket and bool(access_key) != bool(secret_key):
        raise ImproperlyConfigured(
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY belong together: set both, or neither."
        )


def require_library() -> None:
    """Raise ImproperlyConfigured where botocore isn't installed."""
    if find_spec("botocore") is None:
        raise ImproperlyConfigured(
            "S3_BUCKET is set, and botocore is not installed. "
            "Install it (.venv/bin/pip install botocore), or leave S3_BUCKET out."
        )


def bucket_folder(folder: str) -> dict[str, Any]:
    """Return a storage for the settings: what is below this folder in the bucket."""
    return {"BACKEND": "chatsite.s3.storage.S3Storage", "OPTIONS": {"folder": folder}}

"""Typed settings from the environment; `NAME_FILE` names a file that holds the value (Docker
secrets).
"""

import os
import secrets
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def string(name: str, default: str = "") -> str:
    """The value of `name`, else the contents of the file that `name_FILE` points to, else
    `default`.
    """
    if value := os.environ.get(name, "").strip():
        return value
    if path := os.environ.get(f"{name}_FILE", "").strip():
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(
                f"{name}_FILE points to {path}, which can't be read: {error.strerror}."
            ) from error
    return default


def integer(name: str, default: int) -> int:
    value = string(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def number(name: str, default: float) -> float:
    value = string(name)
    if not value:
        return default
    try:
        return float(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.") from None


def boolean(name: str, *, default: bool = False) -> bool:
    value = string(name, str(default)).lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def words(name: str) -> list[str]:
    """A comma-separated list without its empty items."""
    return [word for item in string(name).split(",") if (word := item.strip())]


def kept_secret(path: Path) -> str:
    """The secret kept in `path`, made at the first call; only its owner may read the file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_kept(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{path.parent} can't be written to: {error.strerror}. "
            "Make it writable, or set DATA_DIR to a folder that is."
        ) from error
    secret = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secret)
    return secret


def _read_kept(path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{path} can't be read: {error.strerror}.") from error
    if len(secret) < 32:
        raise ImproperlyConfigured(f"{path} is too short for a secret. Delete it to get a new one.")
    return secret


def decimal(name: str, default: Decimal) -> Decimal:
    value = string(name)
    if not value:
        return default
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ImproperlyConfigured(f"{name} must be a number, not {value!r}.") from None


def port(name: str, default: int) -> int:
    value = integer(name, default)
    if not 0 < value < 65536:
        raise ImproperlyConfigured(f"{name} must be between 1 and 65535, not {value}.")
    return value


def public_url(name: str) -> str:
    """An http(s) origin without a path or a slash at its end; "" when unset."""
    value = string(name).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path):
        raise ImproperlyConfigured(
            f"{name} must look like https://chat.example.com, not {value!r}."
        )
    return value

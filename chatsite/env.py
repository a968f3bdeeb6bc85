"""Typed settings from the environment; `NAME_FILE` names a file that holds the value (Docker
secrets).
"""

import contextlib
import os
import secrets
import tempfile
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
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE points to {path}, which can't be read: {reason(error)}."
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
    """A number from 0 up."""
    return float(decimal(name, Decimal(str(default))))


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
        if not path.exists():
            _keep_new_secret(path)
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{path} can't be read or made: {reason(error)}. "
            "Make it readable, or set DATA_DIR to a folder that is yours."
        ) from error
    if len(secret) < 32:
        raise ImproperlyConfigured(f"{path} is too short for a secret. Delete it to get a new one.")
    return secret


def _keep_new_secret(path: Path) -> None:
    """Whole from the first moment, and the same for all who start at once: the first one stays."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)


def reason(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else "it is not UTF-8"


def decimal(name: str, default: Decimal) -> Decimal:
    value = string(name)
    if not value:
        return default
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise ImproperlyConfigured(f"{name} must be a number from 0 up, not {value!r}.")
    return number


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

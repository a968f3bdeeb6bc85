"""Typed settings from the environment; `NAME_FILE` names a file that holds the value (Docker
secrets).
"""

import contextlib
import ipaddress
import os
import secrets
import tempfile
from decimal import Decimal, InvalidOperation
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
SHORTEST = 0.1
SHORTEST_TOKEN = 16
FALSE = {"", "0", "false", "no", "off"}
# Of all settings that were asked for.
names_read: set[str] = set()


def string(name: str, default: str = "") -> str:
    """The value of `name`, else the contents of the file that `name_FILE` points to, else
    `default`.
    """
    names_read.add(name)
    if value := os.environ.get(name, "").strip():
        return value
    if path := os.environ.get(f"{name}_FILE", "").strip():
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE points to {path}, which can't be read: {describe_error(error)}."
            ) from error
    return default


def integer(name: str, default: int, *, least: int = 0) -> int:
    value = string(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if number < least:
        raise ImproperlyConfigured(
            f"{name} must be a whole number of at least {least}, not {value!r}."
        )
    return number


def number(name: str, default: float) -> float:
    """A number from 0 up."""
    return float(decimal(name, Decimal(str(default))))


def seconds(name: str, default: float) -> float:
    """A time that something may take: more than none."""
    value = number(name, default)
    if value < SHORTEST:
        raise ImproperlyConfigured(f"{name} must be at least {SHORTEST} seconds, not {value:g}.")
    return value


def boolean(name: str, *, default: bool = False) -> bool:
    value = string(name, str(default)).lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")


def choice(name: str, values: tuple[str, ...]) -> str:
    """One of these values; the first is the default."""
    value = string(name, values[0]).lower()
    if value not in values:
        raise ImproperlyConfigured(f"{name} must be {' or '.join(values)}, not {value!r}.")
    return value


def words(name: str) -> list[str]:
    """A comma-separated list without its empty items."""
    return [word for item in string(name).split(",") if (word := item.strip())]


def words_of(name: str, values: tuple[str, ...]) -> list[str]:
    """Those of these values that a comma-separated list names; all by default, "none" for none."""
    value = string(name).lower()
    if not value:
        return list(values)
    if value == "none":
        return []
    chosen = words(name)
    if unknown := [word for word in chosen if word.lower() not in values]:
        raise ImproperlyConfigured(
            f"{name} must be none, or some of {', '.join(values)}; it has {', '.join(unknown)}."
        )
    return [word.lower() for word in chosen]


def socket_url(name: str) -> str:
    """tcp://host:port or unix:///path; "" when unset."""
    value = string(name)
    try:
        parts = urlsplit(value)
        is_tcp = parts.scheme == "tcp" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, is_tcp = urlsplit(""), False
    is_unix = parts.scheme == "unix" and len(parts.path) > 1
    if value and not (is_tcp or is_unix):
        raise ImproperlyConfigured(
            f"{name} must be like tcp://localhost:3310 or unix:///run/clamav/clamd.ctl, "
            f"not {value!r}."
        )
    return value


def kept_secret(path: Path) -> str:
    """The secret kept in `path`, made at the first call; only its owner may read the file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _keep_new_secret(path)
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{path} can't be read or made: {describe_error(error)}. "
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
        Path(draft).unlink()


def describe_error(error: OSError | UnicodeDecodeError) -> str:
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
    value = integer(name, default, least=1)
    if value > 65535:
        raise ImproperlyConfigured(f"{name} must be between 1 and 65535, not {value}.")
    return value


def public_url(name: str) -> str:
    """An http(s) origin in lower case, without a path or a slash at its end; "" when unset."""
    value = string(name).rstrip("/").lower()
    if not value:
        return ""
    parts = split_url(value)
    if parts is None or value != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        raise ImproperlyConfigured(
            f"{name} must look like https://chat.example.com, not {value!r}."
        )
    return value


def http_url(name: str, default: str, *, example: str = "") -> str:
    """An http(s) address that paths can be added to; "" only where that is the default."""
    value = string(name, default).rstrip("/")
    parts = split_url(value)
    if value != default and (parts is None or parts.query or parts.fragment):
        raise ImproperlyConfigured(f"{name} must look like {example or default}, not {value!r}.")
    return value


def split_url(url: str) -> SplitResult | None:
    """The parts of an http(s) URL; None when it isn't one."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if valid else None


def is_loopback(host: str) -> bool:
    """Whether this names the machine itself, by number or as localhost."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def redis_url(name: str) -> str:
    """The address of a Redis server; "" when unset."""
    value = string(name)
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured(
            f"{name} must look like redis://:password@host:6379/0, not like this."
        )
    return value


def api_key(name: str) -> str:
    """A key, as it goes into a header. What is wrong with one is said without showing it."""
    value = string(name)
    if not value.isascii() or any(character <= " " for character in value):
        raise ImproperlyConfigured(f"{name} holds a space or a letter that no key has.")
    return value


def token(name: str) -> str:
    """A secret that clients send in a header, too long to be guessed; "" when unset."""
    value = api_key(name)
    if value and len(value) < SHORTEST_TOKEN:
        raise ImproperlyConfigured(f"{name} must have at least {SHORTEST_TOKEN} characters.")
    return value

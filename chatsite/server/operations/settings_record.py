"""Which settings the site runs with, for a backup: what is secret is only said to be set."""

from urllib.parse import urlsplit

from chatsite import env

SET = "(set)"
SECRET_WORDS = {"KEY", "SECRET", "TOKEN", "PASSWORD"}
# What is read when the server starts, and not with the other settings.
AT_START = {"HOST", "WORKER_CLASS"}
# In the archive as a file of its own, or not at all.
LEFT_OUT = {"SECRET_KEY"}
# Which are another site's for good reason.
OF_THE_PLACE = {"DATA_DIR", "DATABASE_URL"}


def record_settings(*, with_secrets: bool) -> dict[str, str]:
    """Return name and value of those that aren't left at their defaults."""
    names = sorted((env.names_read | AT_START) - LEFT_OUT)
    values = {name: value for name in names if (value := env.string(name))}
    if with_secrets:
        return values
    return {name: hide_secret(name, value) for name, value in values.items()}


def hide_secret(name: str, value: str) -> str:
    return SET if name.rpartition("_")[2] in SECRET_WORDS else hide_password(value)


def hide_password(value: str) -> str:
    """Return an address without what is secret in it; anything else as it is."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return SET
    if "://" not in value:
        return value
    user, at, host = parts.netloc.rpartition("@")
    name, colon, _password = user.partition(":")
    shown = f"{name}{':…' if colon else ''}{at}"
    query = "…" if parts.query else ""
    return parts._replace(netloc=f"{shown}{host}", query=query).geturl()


def differing_settings(recorded: dict[str, str]) -> list[str]:
    """Return the names of those that aren't here as they were there."""
    here = record_settings(with_secrets=True)
    hidden = record_settings(with_secrets=False)
    return sorted(
        name
        for name, value in recorded.items()
        if name not in OF_THE_PLACE and value not in (here.get(name), hidden.get(name))
    )

"""Make the first administrator through a one-time link.

The token lies in a file of the data folder while there is no administrator, so that a restart
prints the same link.
"""

import secrets
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from chatsite import env
from chatsite.accounts.models import User
from chatsite.accounts.sign_up.forms import SetUpForm
from chatsite.accounts.users.services import has_break_glass_administrator, list_administrators
from chatsite.core.links import make_absolute_url

TOKEN_FILE = settings.DATA_DIR / "setup_token"


def is_administrator_needed() -> bool:
    return not list_administrators().exists()


def build_setup_url() -> str | None:
    """Return the link to print at start; None once there is an administrator."""
    if not is_administrator_needed():
        TOKEN_FILE.unlink(missing_ok=True)
        return None
    query = urlencode({"token": env.kept_secret(TOKEN_FILE)})
    return make_absolute_url(f"{reverse('setup')}?{query}")


def is_setup_token_valid(token: str) -> bool:
    if not is_administrator_needed():
        TOKEN_FILE.unlink(missing_ok=True)
        return False
    try:
        expected = TOKEN_FILE.read_text(encoding="utf-8").strip()
    except OSError:
        return False
    return bool(expected) and secrets.compare_digest(token.encode(), expected.encode())


def list_start_notices() -> Iterator[str]:
    """List what the person who starts the server should know of accounts."""
    if link := build_setup_url():
        yield f"No administrator yet. Create one: {link}"
    elif not settings.LOCAL_PASSWORDS and not has_break_glass_administrator():
        yield (
            "LOCAL_PASSWORDS is false, and no administrator is a break-glass one: nobody gets "
            "in while the identity provider is down. Mark one in the administration."
        )
    if settings.EMAIL_CONFIGURED and not settings.PUBLIC_URL:
        yield "Set PUBLIC_URL too: without it a mail’s links lead to where a page was asked."


class LinkUsedError(Exception):
    """Somebody else was faster."""


def create_administrator(form: SetUpForm) -> User:
    """Save the form's user and delete the token: of two who use it at once, one succeeds."""
    with transaction.atomic():
        user = form.save()
        try:
            TOKEN_FILE.unlink()
        except FileNotFoundError:
            raise LinkUsedError from None
    return user

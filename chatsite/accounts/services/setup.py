"""Making the first administrator through a one-time link.

The token lies in a file of the data folder while there is no administrator, so that a restart
prints the same link.
"""

import secrets
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from chatsite import env
from chatsite.accounts.models import User
from chatsite.accounts.services.roles import administrators
from chatsite.accounts.sign_in.forms import SetUpForm
from chatsite.core.links import absolute

TOKEN_FILE = settings.DATA_DIR / "setup_token"


def is_needed() -> bool:
    return not administrators().exists()


def setup_url() -> str | None:
    """The link to print at start; None once there is an administrator."""
    if not is_needed():
        TOKEN_FILE.unlink(missing_ok=True)
        return None
    query = urlencode({"token": env.kept_secret(TOKEN_FILE)})
    return absolute(f"{reverse('setup')}?{query}")


def is_valid(token: str) -> bool:
    if not is_needed():
        TOKEN_FILE.unlink(missing_ok=True)
        return False
    try:
        expected = TOKEN_FILE.read_text(encoding="utf-8").strip()
    except OSError:
        return False
    return bool(expected) and secrets.compare_digest(token.encode(), expected.encode())


class LinkUsed(Exception):
    """Somebody else was faster."""


def create_administrator(form: SetUpForm) -> User:
    """Saves the form's user and makes the link useless: of two who use it at once, one succeeds."""
    with transaction.atomic():
        user = form.save()
        try:
            TOKEN_FILE.unlink()
        except FileNotFoundError:
            raise LinkUsed from None
    return user

"""Links by which an administrator lets somebody back in who lost their password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from chatsite.accounts.links import absolute
from chatsite.accounts.models import User


def recovery_link(user: User) -> str:
    """Sets a new password, once, within PASSWORD_RESET_TIMEOUT seconds (three days).

    It is dead as soon as the user signs in or changes the password.
    """
    path = reverse(
        "account_reset_password_from_key",
        args=[user_pk_to_url_str(user), default_token_generator.make_token(user)],
    )
    return absolute(path)

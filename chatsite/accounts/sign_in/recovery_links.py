"""Links by which an administrator lets somebody back in who lost their password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import gettext

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.links import make_absolute_url


class NoRecoveryPossibleError(UserFacingError):
    """A password wouldn't let this user in; the sentence is for the administrator."""


def make_recovery_link(user: User) -> str:
    """Make a link that sets a new password, once, within PASSWORD_RESET_TIMEOUT seconds.

    It is dead as soon as the user signs in or changes the password. Raises NoRecoveryPossibleError.
    """
    if not user.is_active:
        sentence = gettext("%(user)s is deactivated. Activate the account first.")
        raise NoRecoveryPossibleError(sentence % {"user": user})
    if not user.may_use_password:
        sentence = gettext("Passwords are turned off: %(user)s signs in through the provider.")
        raise NoRecoveryPossibleError(sentence % {"user": user})
    path = reverse(
        "account_reset_password_from_key",
        args=[user_pk_to_url_str(user), default_token_generator.make_token(user)],
    )
    return make_absolute_url(path)

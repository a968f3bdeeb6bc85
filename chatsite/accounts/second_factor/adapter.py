"""allauth's hooks for second factors: secrets are kept encrypted, passkeys belong to the address
that people open, and the last factor stays where one is required.
"""

import base64
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, gettext_lazy

from chatsite.accounts.second_factor.passkeys import find_passkey_domain
from chatsite.accounts.second_factor.services import may_remove_factor
from chatsite.accounts.sessions.user_agents import describe_user_agent

# Never to change: what was encrypted under another can't be read any more.
SALT = "chatsite.accounts.second_factor"


class SecretUnreadableError(ValidationError):
    """It was encrypted under another SECRET_KEY. As a form's error it says so where a code is
    typed.
    """

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy(
                "Codes can’t be checked any more, because the secret key of this site has changed. "
                "Use a passkey, or ask an administrator to remove your second factor."
            )
        )


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "This site asks you for a second factor, and this is your only one. "
            "Add another before you remove it."
        ),
        "incorrect_code": gettext_lazy(
            "That code is wrong, has expired or was used. Type the current one."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret: a copy of the database alone gives no second factor away."""
        return build_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return build_cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise SecretUnreadableError from None

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_remove_factor(authenticator)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        return describe_user_agent(context.request.headers.get("User-Agent", ""))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": find_passkey_domain(context.request), "name": gettext("Chat")}


def build_cipher() -> Fernet:
    key = salted_hmac(SALT, "", secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))

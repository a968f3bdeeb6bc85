"""What an identity of the provider's may become here: which address counts, whose account it is,
and which role it gives.
"""

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name
from chatsite.accounts.roles import Role
from chatsite.accounts.sessions.services import revoke_all_sessions
from chatsite.accounts.users.services import LastAdministratorError, get_role, set_role
from chatsite.single_sign_on import EVERY_DOMAIN

logger = logging.getLogger(__name__)


def read_verified_email(claims: dict[str, Any]) -> str:
    """Return the address that the provider has verified, in lower case; else ""."""
    email = str(claims.get("email") or "")
    # Some letters beyond ASCII are others in lower or upper case: the sign of kelvin is "k", and
    # the address would be somebody else's.
    if not email.isascii():
        return ""
    email = email.lower()
    verified = claims.get("email_verified")
    # Some say it as a text, in which "false" would be true.
    if verified is None:
        is_verified = settings.OIDC_TRUST_EMAIL
    else:
        is_verified = verified is True or str(verified).lower() == "true"
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if is_verified else ""


def is_from_allowed_domain(email: str) -> bool:
    """Return whether an address that the provider has verified is of an allowed domain."""
    domain = email.rpartition("@")[2]
    return bool(email) and bool({domain, EVERY_DOMAIN} & settings.OIDC_ALLOWED_DOMAINS)


def map_role(claims: dict[str, Any]) -> str | None:
    """Return the highest role that the claim gives; None where claims give no roles."""
    if not settings.OIDC_ROLE_CLAIM:
        return None
    roles = {settings.OIDC_ROLES.get(value) for value in list_claimed_values(claims)}
    return next((role.value for role in reversed(Role) if role in roles), Role.USER.value)


def list_claimed_values(claims: dict[str, Any]) -> list[str]:
    """List the values of the claim: a list or a single text, at the name itself or at a path such
    as `realm_access.roles`.
    """
    path = settings.OIDC_ROLE_CLAIM
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, dict) else None
    values = found if isinstance(found, list) else [found]
    return [value for value in values if isinstance(value, str)]


def apply_role(user: User, claimed: str | None) -> None:
    """Give the role that the provider claims, unless no administrator would be left.

    A break-glass administrator is who gets in when the provider is wrong or down, so the provider
    has no say in that role.
    """
    if claimed is None or get_role(user) == claimed or user.break_glass:
        return
    try:
        set_role(user, Role(claimed))
    except LastAdministratorError:
        logger.warning(
            "Single sign-on gives %s the role “%s”, but this is the last administrator: the role "
            "stays. Make somebody else an administrator.",
            user.username,
            claimed,
        )


def find_address_owner(email: str) -> User | None:
    """Find the account that has this address as a verified one or as its own.

    An address that somebody has merely added to an account, and never confirmed, is no match.
    """
    verified = EmailAddress.objects.filter(email__iexact=email, verified=True)
    owner = User.objects.filter(pk__in=verified.values("user")).first()
    return owner or User.objects.filter(email_key=fold_name(email)).first()


@transaction.atomic
def claim_account(user: User, email: str) -> None:
    """Give the account with this address to who signs in with it: the provider has verified it.

    An account may have been made by somebody else in wait for them, with an address that they
    never confirmed; then every other way into it is closed. Addresses without a record were set by
    an administrator.
    """
    records = EmailAddress.objects.select_for_update().filter(email__iexact=email)
    own = records.filter(user=user).first()
    if own and not own.verified and not user.break_glass:
        disable_other_sign_ins(user)
    records.filter(verified=False).exclude(user=user).delete()
    if not own or not own.verified:
        records.filter(user=user).delete()
        is_primary = not EmailAddress.objects.filter(user=user, primary=True).exists()
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=is_primary)


def disable_other_sign_ins(user: User) -> None:
    user.set_unusable_password()
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    revoke_all_sessions(user=user)


def delete_unverified_addresses(email: str) -> None:
    """Take an address that is now verified from the accounts that added it without proof."""
    EmailAddress.objects.filter(email__iexact=email, verified=False).delete()

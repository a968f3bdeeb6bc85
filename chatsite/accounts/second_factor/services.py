"""Second factors: of whom they are required, who has one, and taking one away from who lost it."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from chatsite.accounts.allauth_internals import record_authentication
from chatsite.accounts.models import SitePolicy, User
from chatsite.core.links import absolute

# Recovery codes only stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required_of(user: User) -> bool:
    match SitePolicy.current().second_factor:
        case SitePolicy.SecondFactor.EVERYBODY:
            return True
        case SitePolicy.SecondFactor.STAFF:
            return user.is_staff
    return False


def has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists())


def is_lacking(user: User) -> bool:
    """Whether they have to set one up first; no query where none is required."""
    return is_required_of(user) and not has_one(user)


def may_be_removed(authenticator: Authenticator) -> bool:
    """Not the last one of somebody of whom one is required."""
    if not is_required_of(authenticator.user):
        return True
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS)
    return bool(others.exclude(pk=authenticator.pk).exists())


def take_as_proof(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:
    """Who has just shown a code or a passkey has shown who they are: what comes next, such as
    their recovery codes, need not ask again.
    """
    if authenticator.type in FACTORS:
        record_authentication(
            request, user, method="mfa", type=authenticator.type, reauthenticated=True
        )


def remove(*, user: User) -> bool:
    """Takes away the app, all passkeys and the recovery codes, and tells the user; sessions stay.
    Whether there was anything to take.
    """
    removed, _by_model = Authenticator.objects.filter(user_id=user.pk).delete()
    if removed and user.email and settings.ACCOUNT_EMAIL_NOTIFICATIONS:
        link = {"url": absolute(reverse("mfa_index"))}
        get_adapter().send_mail("accounts/email/second_factor_removed", user.email, link)
    return bool(removed)

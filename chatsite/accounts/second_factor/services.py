"""Second factors: of whom they are required, who has one, and taking one away from who lost it."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from chatsite.accounts.allauth_internals import record_authentication
from chatsite.accounts.models import SitePolicy, User
from chatsite.core.links import make_absolute_url

# Recovery codes only stand in for one of these.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_second_factor_required(user: User) -> bool:
    match SitePolicy.current().second_factor:
        case SitePolicy.SecondFactor.EVERYBODY:
            return True
        case SitePolicy.SecondFactor.STAFF:
            return user.is_staff
    return False


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists())


def lacks_second_factor(user: User) -> bool:
    """Return whether they have to set one up first; no query where none is required."""
    return is_second_factor_required(user) and not has_second_factor(user)


def may_remove_factor(authenticator: Authenticator) -> bool:
    """Return whether it may go: not the last one of a user of whom one is required."""
    if not is_second_factor_required(authenticator.user):
        return True
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
    return bool(others.exclude(pk=authenticator.pk).exists())


def record_new_factor(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:
    """Record a code or a passkey that was just added as shown: what comes next, such as the
    recovery codes, need not ask for it again.
    """
    if authenticator.type in SECOND_FACTORS:
        record_authentication(
            request, user, method="mfa", type=authenticator.type, reauthenticated=True
        )


def remove_second_factor(*, user: User) -> bool:
    """Remove the app, all passkeys and the recovery codes, and mail the user; sessions stay.
    Return whether there was anything to remove.
    """
    removed, _by_model = Authenticator.objects.filter(user_id=user.pk).delete()
    if removed and user.email and settings.ACCOUNT_EMAIL_NOTIFICATIONS:
        link = {"url": make_absolute_url(reverse("mfa_index"))}
        get_adapter().send_mail("accounts/second_factor/email/removed", user.email, link)
    return bool(removed)

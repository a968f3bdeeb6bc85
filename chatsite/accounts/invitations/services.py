"""Invitations: making one, its link, counting its uses, revoking it."""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import signing
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from chatsite.accounts.models import Invitation, SitePolicy, User
from chatsite.accounts.roles import Role
from chatsite.core.errors import UserFacingError
from chatsite.core.links import absolute

SALT = "chatsite.accounts.invitation"
LIFETIME = timedelta(days=7)


class InvitationGoneError(UserFacingError):
    """It can't be used any more."""

    status = 410

    def __init__(self, invitation: Invitation) -> None:
        super().__init__(invitation.state_sentence)


def invite(
    *,
    email: str = "",
    uses_allowed: int = 1,
    role: Role = Role.USER,
    group: Group | None = None,
    expires_at: datetime | None = None,
    created_by: User | None = None,
) -> Invitation:
    """Makes an invitation and mails its link, where there is an address and mail is set up."""
    invitation = Invitation.objects.create(
        email=email.strip().lower(),
        uses_allowed=1 if email else uses_allowed,
        role=role,
        group=group,
        expires_at=expires_at or timezone.now() + LIFETIME,
        created_by=created_by,
    )
    send(invitation=invitation)
    return invitation


def send(*, invitation: Invitation) -> bool:
    """Mails the link; False where there is nobody to mail it to, or no mail."""
    if not (invitation.email and settings.EMAIL_CONFIGURED):
        return False
    context = {"url": link(invitation), "invitation": invitation}
    get_adapter().send_mail("accounts/email/invitation", invitation.email, context)
    return True


def warning() -> str:
    """What whoever makes an invitation should know; "" where it will work."""
    if SitePolicy.current().sign_up == SitePolicy.SignUp.CLOSED:
        return gettext("Sign-up is closed, so the link won’t work until the policy allows it.")
    return ""


def revoke(*, invitation: Invitation) -> None:
    """Nobody gets in by it any more; who did stays."""
    revoked = Invitation.objects.filter(pk=invitation.pk, revoked_at=None)
    revoked.update(revoked_at=timezone.now())
    invitation.refresh_from_db(fields=["revoked_at"])


def link(invitation: Invitation) -> str:
    """Signed from the id, so that it can be shown again and no table holds it."""
    token = signing.Signer(salt=SALT).sign(str(invitation.pk))
    return absolute(reverse("invitation", args=[token]))


def find(token: str) -> Invitation | None:
    """The invitation of a link; None when the link wasn't made here."""
    try:
        pk = int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Invitation.objects.filter(pk=pk).first()


def use(*, invitation: Invitation) -> None:
    """Counts one use, within the transaction that makes the account.

    Raises InvitationGoneError: of two who take the last one at once, one succeeds.
    """
    usable = Invitation.objects.filter(
        pk=invitation.pk,
        revoked_at=None,
        expires_at__gt=timezone.now(),
        uses__lt=F("uses_allowed"),
    )
    if not usable.update(uses=F("uses") + 1):
        invitation.refresh_from_db()
        raise InvitationGoneError(invitation)

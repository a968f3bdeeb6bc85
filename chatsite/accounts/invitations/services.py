"""Make invitations and their links, count their uses, revoke them."""

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
from chatsite.core.links import make_absolute_url

SALT = "chatsite.accounts.invitation"
INVITATION_LIFETIME = timedelta(days=7)


class InvitationGoneError(UserFacingError):
    """It can't be used any more."""

    status = 410

    def __init__(self, invitation: Invitation) -> None:
        super().__init__(invitation.state_sentence)


def create_invitation(
    *,
    email: str = "",
    uses_allowed: int = 1,
    role: Role = Role.USER,
    group: Group | None = None,
    expires_at: datetime | None = None,
    created_by: User | None = None,
) -> Invitation:
    """Make an invitation and mail its link, where there is an address and mail is set up."""
    invitation = Invitation.objects.create(
        email=email.strip().lower(),
        uses_allowed=1 if email else uses_allowed,
        role=role,
        group=group,
        expires_at=expires_at or timezone.now() + INVITATION_LIFETIME,
        created_by=created_by,
    )
    send_invitation(invitation=invitation)
    return invitation


def send_invitation(*, invitation: Invitation) -> bool:
    """Mail the link; False where there is nobody to mail it to, or no mail."""
    if not (invitation.email and settings.EMAIL_CONFIGURED):
        return False
    context = {"url": build_invitation_link(invitation), "invitation": invitation}
    get_adapter().send_mail("accounts/invitations/email/invitation", invitation.email, context)
    return True


def find_invitation_warning() -> str:
    """Return why an invitation won't work under the present policy; "" where it will."""
    if SitePolicy.current().sign_up == SitePolicy.SignUp.CLOSED:
        return gettext("Sign-up is closed, so the link won’t work until the policy allows it.")
    return ""


def revoke_invitation(*, invitation: Invitation) -> None:
    """Revoke it: nobody signs up by it any more; who did stays."""
    revoked = Invitation.objects.filter(pk=invitation.pk, revoked_at=None)
    revoked.update(revoked_at=timezone.now())
    invitation.refresh_from_db(fields=["revoked_at"])


def build_invitation_link(invitation: Invitation) -> str:
    """Return the link, signed from the id: it can be shown again, and no table holds it."""
    token = signing.Signer(salt=SALT).sign(str(invitation.pk))
    return make_absolute_url(reverse("invitation", args=[token]))


def find_invitation(token: str) -> Invitation | None:
    """Return the invitation of a link; None when the link wasn't made here."""
    try:
        pk = int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Invitation.objects.filter(pk=pk).first()


def use_invitation(*, invitation: Invitation) -> None:
    """Count one use, within the transaction that makes the account.

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

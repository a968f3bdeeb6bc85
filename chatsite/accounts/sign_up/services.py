"""Who may make an account, and what a new account begins with."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest

from chatsite.accounts.invitations import services as invitations
from chatsite.accounts.models import Invitation, SitePolicy, User
from chatsite.accounts.roles import Role
from chatsite.accounts.users import addresses
from chatsite.accounts.users.services import set_role

INVITATION_KEY = "invitation"


@dataclass(frozen=True)
class Admission:
    """Why somebody may have an account, and with what."""

    role: Role = Role.USER
    group: Group | None = None
    invitation: Invitation | None = None


def accept(request: HttpRequest, invitation: Invitation) -> None:
    """Remembers the invitation for the sign-up that follows; raises InvitationGoneError."""
    if not invitation.is_open:
        raise invitations.InvitationGoneError(invitation)
    request.session[INVITATION_KEY] = invitation.pk


def invited_by(request: HttpRequest) -> Invitation | None:
    """The invitation whose link this browser opened, as long as it can be used."""
    if INVITATION_KEY not in request.session:
        return None
    invitation = Invitation.objects.filter(pk=request.session[INVITATION_KEY]).first()
    return invitation if invitation and invitation.is_open else None


def is_open(request: HttpRequest) -> bool:
    """Whether the sign-up form is for whoever sent this request: it asks for a password."""
    if not settings.LOCAL_PASSWORDS:
        return False
    policy = SitePolicy.current()
    match policy.SignUp(policy.sign_up):
        case policy.SignUp.OPEN:
            return True
        case policy.SignUp.DOMAINS:
            return settings.EMAIL_CONFIGURED or invited_by(request) is not None
        case policy.SignUp.INVITATION:
            return invited_by(request) is not None
    return False


def admission(request: HttpRequest, email: str) -> Admission | None:
    """On what ground an account with this address may be made; None when there is none.

    Whether the address is theirs is for the caller to find out.
    """
    policy = SitePolicy.current()
    if policy.sign_up == policy.SignUp.CLOSED:
        return None
    invitation = invited_by(request)
    if invitation and invitation.is_for(email):
        return Admission(Role(invitation.role), invitation.group, invitation)
    if policy.sign_up == policy.SignUp.OPEN:
        return Admission()
    domain = email.rpartition("@")[2].lower()
    if policy.sign_up == policy.SignUp.DOMAINS and domain in policy.domains:
        return Admission()
    return None


@transaction.atomic
def welcome(*, user: User, admission: Admission, request: HttpRequest) -> None:
    """Gives a new account its role and group. Raises InvitationGoneError: then there is to be no
    account.
    """
    if invitation := admission.invitation:
        invitations.use(invitation=invitation)
        user.invitation = invitation
        user.save(update_fields=["invitation"])
        request.session.pop(INVITATION_KEY, None)
        if invitation.email:
            addresses.vouch(user=user)
    set_role(user, admission.role)
    if admission.group:
        user.groups.add(admission.group)

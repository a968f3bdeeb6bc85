"""Who may make an account, and what a new account begins with."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest

from chatsite.accounts.invitations.services import use_invitation
from chatsite.accounts.invitations.session import find_remembered_invitation, forget_invitation
from chatsite.accounts.models import Invitation, SitePolicy, User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.addresses import confirm_address
from chatsite.accounts.users.services import set_role


@dataclass(frozen=True)
class SignUpGrant:
    """What allows somebody an account, and what the account begins with."""

    role: Role = Role.USER
    group: Group | None = None
    invitation: Invitation | None = None


def is_sign_up_open(request: HttpRequest) -> bool:
    """Return whether the sender of this request may use the sign-up form, which asks for a
    password.
    """
    if not settings.LOCAL_PASSWORDS:
        return False
    policy = SitePolicy.current()
    match policy.SignUp(policy.sign_up):
        case policy.SignUp.OPEN:
            return True
        case policy.SignUp.DOMAINS:
            return settings.EMAIL_CONFIGURED or find_remembered_invitation(request) is not None
        case policy.SignUp.INVITATION:
            return find_remembered_invitation(request) is not None
    return False


def find_sign_up_grant(request: HttpRequest, email: str) -> SignUpGrant | None:
    """Return what allows an account with this address; None when nothing does.

    Whether the address is theirs is for the caller to find out.
    """
    policy = SitePolicy.current()
    if policy.sign_up == policy.SignUp.CLOSED:
        return None
    invitation = find_remembered_invitation(request)
    if invitation and invitation.is_for(email):
        return SignUpGrant(Role(invitation.role), invitation.group, invitation)
    if policy.sign_up == policy.SignUp.OPEN:
        return SignUpGrant()
    domain = email.rpartition("@")[2].lower()
    if policy.sign_up == policy.SignUp.DOMAINS and domain in policy.domains:
        return SignUpGrant()
    return None


@transaction.atomic
def apply_sign_up_grant(*, user: User, grant: SignUpGrant, request: HttpRequest) -> None:
    """Give a new account its role and group. Raises InvitationGoneError: then there is to be no
    account.
    """
    if invitation := grant.invitation:
        use_invitation(invitation=invitation)
        user.invitation = invitation
        user.save(update_fields=["invitation"])
        forget_invitation(request)
        if invitation.email:
            confirm_address(user=user)
    set_role(user, grant.role)
    if grant.group:
        user.groups.add(grant.group)

"""The invitation whose link a browser has opened, kept in its session until the sign-up."""

from django.http import HttpRequest

from chatsite.accounts.invitations.services import InvitationGoneError
from chatsite.accounts.models import Invitation

INVITATION_KEY = "invitation"


def remember_invitation(request: HttpRequest, invitation: Invitation) -> None:
    """Remember the invitation for the sign-up that follows. Raises InvitationGoneError."""
    if not invitation.is_open:
        raise InvitationGoneError(invitation)
    request.session[INVITATION_KEY] = invitation.pk


def find_remembered_invitation(request: HttpRequest) -> Invitation | None:
    """Return the invitation whose link this browser opened, as long as it can be used."""
    if INVITATION_KEY not in request.session:
        return None
    invitation = Invitation.objects.filter(pk=request.session[INVITATION_KEY]).first()
    return invitation if invitation and invitation.is_open else None


def forget_invitation(request: HttpRequest) -> None:
    """Forget the invitation, which has been used."""
    request.session.pop(INVITATION_KEY, None)

"""The page behind an invitation's link: leads to the sign-up form, or says why it doesn't."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chatsite.accounts.invitations.services import InvitationGoneError, find_invitation
from chatsite.accounts.invitations.session import remember_invitation


@require_safe
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = find_invitation(token)
    if found is None:
        raise Http404
    try:
        remember_invitation(request, found)
    except InvitationGoneError as gone:
        page = {"sentence": gone.sentence}
        return render(request, "accounts/invitations/gone.html", page, status=gone.status)
    if request.user.is_authenticated:
        return render(request, "accounts/invitations/signed_in.html")
    # With the provider one signs up by signing in.
    return redirect("account_signup" if settings.LOCAL_PASSWORDS else "account_login")

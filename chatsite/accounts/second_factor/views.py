"""Sign-in and security: the page of what somebody signs in with, and allauth's views of passkeys
where they need another end.
"""

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.mfa.webauthn import views as allauth_views
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chatsite.accounts.models import User
from chatsite.accounts.second_factor.forms import RemovePasskeyForm
from chatsite.accounts.second_factor.passkeys import find_passkey_obstacle
from chatsite.accounts.second_factor.queries import find_factors
from chatsite.accounts.second_factor.services import is_second_factor_required


@require_safe
@login_required
def show_security(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    factors = find_factors(user)
    context = {
        "factors": factors,
        "must_set_up": not factors and is_second_factor_required(user),
        "obstacle": find_passkey_obstacle(request),
    }
    return render(request, "mfa/index.html", context)


@require_safe
@login_required
def redirect_passkey_list(request: HttpRequest) -> HttpResponse:
    """allauth's list of passkeys, to which its views lead back, is a part of the page above."""
    return redirect("mfa_index")


class RemovePasskeyView(allauth_views.RemoveWebAuthnView):  # type: ignore[misc]
    form_class = RemovePasskeyForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "authenticator": self.object}


class ConfirmByPasskeyView(allauth_views.ReauthenticateWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponse:
        """Offer another try, where allauth would give up and forget what was to be confirmed."""
        for sentence in form.errors.get("credential", []):
            get_adapter().add_message(self.request, messages.ERROR, message=sentence)
        return redirect(self.request.get_full_path())

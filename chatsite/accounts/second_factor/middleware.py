"""Of whom a second factor is required and who has none is led to set one up, and back to where they
were headed.
"""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django_htmx.middleware import HtmxDetails

from chatsite.accounts.second_factor.adapter import SecretUnreadableError
from chatsite.accounts.second_factor.services import has_second_factor, is_second_factor_required
from chatsite.accounts.sessions.signed_in import View, get_signed_in_user
from chatsite.core.http import safe_local_path

# Where the session keeps the page that somebody was headed for.
HEADED_FOR = "headed_for"
# What setting one up needs, and signing out. The stream of a reply always answers with an event.
EXEMPT = {
    "account_change_password",
    "account_confirm_email",
    "account_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
    "admin:logout",
    "conversations:stream",
}


class SecondFactorMiddleware:
    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> HttpResponse | None:
        user = None if is_exempt(request) else get_signed_in_user(request)
        if user is None or not is_second_factor_required(user):
            return None
        if has_second_factor(user):
            # They are on their way; the next time they set one up, this page is long forgotten.
            request.session.pop(HEADED_FOR, None)
            return None
        return redirect_to_set_up(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, SecretUnreadableError):
            return None
        messages.error(request, error.message)
        return redirect("mfa_index")


def is_exempt(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name in EXEMPT or name.startswith("mfa_")


def redirect_to_set_up(request: HttpRequest) -> HttpResponse:
    """Redirect to the set-up page; a request of htmx takes the whole page there, not a part."""
    htmx = bool(cast(HtmxDetails, getattr(request, "htmx", False)))
    page = request.headers.get("HX-Current-URL", "") if htmx else request.get_full_path()
    if htmx or request.method == "GET":
        request.session[HEADED_FOR] = safe_local_path(page)
    if htmx:
        return HttpResponse(headers={"HX-Redirect": resolve_url("mfa_index")})
    return redirect("mfa_index")

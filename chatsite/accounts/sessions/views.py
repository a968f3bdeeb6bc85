"""Sessions: which devices are signed in, and signing each or all of them out."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chatsite.accounts.models import User
from chatsite.accounts.sessions.queries import list_sessions
from chatsite.accounts.sessions.services import revoke_all_sessions, revoke_session


@require_safe
@login_required
def show_sessions(request: HttpRequest) -> HttpResponse:
    shown = list_sessions(cast(User, request.user), current_key=request.session.session_key)
    return render(request, "accounts/sessions/sessions.html", {"sessions": shown})


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    key = revoke_session(user=cast(User, request.user), pk=pk)
    if key == request.session.session_key:
        return sign_out(request)
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    revoke_all_sessions(user=cast(User, request.user), but=request.session.session_key)
    messages.success(request, _("All other devices are signed out."))
    return redirect("usersessions_list")


@require_POST
@login_required
def end_all_sessions(request: HttpRequest) -> HttpResponse:
    revoke_all_sessions(user=cast(User, request.user))
    return sign_out(request)


def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("account_login")

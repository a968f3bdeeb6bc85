"""The profile: how somebody is called, and in which theme, language and time zone they read."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chatsite.accounts.models import User
from chatsite.accounts.profile.form import ProfileForm
from chatsite.accounts.profile.middleware import read_browser_time_zone


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_profile(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = ProfileForm(
        request.POST or None, instance=user, browser_time_zone=read_browser_time_zone(request)
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile is saved."))
        return redirect("account_profile")
    context = {"form": form}
    return render(
        request, "accounts/profile/profile.html", context, status=422 if form.errors else 200
    )

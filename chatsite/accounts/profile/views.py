"""The profile: how somebody is called, and in which theme, language and time zone they read."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chatsite.accounts.models import User
from chatsite.accounts.profile.form import ProfileForm
from chatsite.accounts.profile.middleware import read_browser_time_zone
from chatsite.core.http import HtmxRequest


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


@require_POST
@login_required
def save_theme(request: HttpRequest) -> HttpResponse:
    """The theme alone, as the account menu sends it; the page has it by then."""
    theme = request.POST.get("theme", "")
    if theme not in User.Theme.values:
        return HttpResponseBadRequest()
    User.objects.filter(pk=cast(User, request.user).pk).update(theme=theme)
    if cast(HtmxRequest, request).htmx:
        return HttpResponse(status=204)
    return redirect("account_profile")

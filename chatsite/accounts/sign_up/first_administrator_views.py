"""The set-up page: the one-time link makes the first administrator and signs them in."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chatsite.accounts.sign_up.first_administrator import (
    LinkUsedError,
    create_administrator,
    is_setup_token_valid,
)
from chatsite.accounts.sign_up.forms import SetUpForm


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_site(request: HttpRequest) -> HttpResponse:
    if not is_setup_token_valid(request.GET.get("token", "")):
        raise Http404
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            login(request, create_administrator(form))
        except LinkUsedError:
            raise Http404 from None
        return redirect("conversations:new")
    return render(
        request, "accounts/sign_up/set_up.html", {"form": form}, status=422 if form.errors else 200
    )

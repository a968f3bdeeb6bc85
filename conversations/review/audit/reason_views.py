"""Asks reviewers why, where the policy wants a reason before anything is shown."""

import functools
from collections.abc import Callable
from typing import Concatenate

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from chatsite.accounts.access import SignedInRequest
from chatsite.core.http import safe_local_path
from conversations.review.audit import reasons
from conversations.review.audit.reasons import ReasonForm
from conversations.review.models import Review
from conversations.review.permissions import permitted, render_page

NOT_CARRIED = ("csrfmiddlewaretoken", "reason", "next")


def with_reason[**P](
    view: Callable[Concatenate[SignedInRequest, P], HttpResponseBase],
) -> Callable[Concatenate[SignedInRequest, P], HttpResponseBase]:
    """Below `permitted`. A form may bring a reason as its field `reason`. Where one is required and
    there is none, a page asks for it, and goes on: to the address that was wanted, or by sending
    the form again as it was.
    """

    @functools.wraps(view)
    def wrapper(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if form.is_valid():
            reasons.remember_reason(request, form.cleaned_data["reason"])
        if not reasons.are_missing(request):
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return redirect(f"{reason_url()}?{urlencode({'next': request.get_full_path()})}")
        return ask_for_reason(request, form, action=request.get_full_path(), carried=request.POST)

    return wrapper


@permitted()
def enter_reason(request: SignedInRequest) -> HttpResponseBase:
    """A reason is given, or another one, and one goes on."""
    following = safe_local_path(request.POST.get("next") or request.GET.get("next", ""))
    if following == "/":
        following = reverse("admin:review_review_changelist")
    if request.method != "POST":
        form = ReasonForm(initial={"reason": reasons.given_reason(request)})
        return ask_for_reason(request, form, following=following)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return ask_for_reason(request, form, following=following)
    reasons.remember_reason(request, form.cleaned_data["reason"])
    return redirect(following)


def ask_for_reason(
    request: HttpRequest,
    form: ReasonForm,
    *,
    action: str = "",
    following: str = "",
    carried: QueryDict | None = None,
) -> HttpResponseBase:
    fields = carried.lists() if carried else []
    return render_page(
        request,
        "review/audit/reason.html",
        title=_("Reason for access"),
        model=Review,
        form=form,
        action=action or reason_url(),
        following=following,
        carried=[(name, each) for name, all_ in fields if name not in NOT_CARRIED for each in all_],
        status=200 if carried is None and not form.errors else 422,
    )


def reason_url() -> str:
    return reverse("admin:review_review_reason")

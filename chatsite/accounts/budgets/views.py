"""The page of what the reader has used, by day."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chatsite.accounts.budgets.usage import build_usage_report
from chatsite.accounts.models import User


@require_safe
@login_required
def show_usage(request: HttpRequest) -> HttpResponse:
    context = {"report": build_usage_report(cast(User, request.user))}
    return render(request, "accounts/budgets/usage.html", context)

"""Pages that send mail, where none is set up: they say how an administrator helps."""

from typing import cast

from allauth.account import views
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chatsite.accounts.models import User
from chatsite.accounts.users.addresses import confirm_unknown_address


def reset_password(request: HttpRequest) -> HttpResponse:
    if not settings.EMAIL_CONFIGURED:
        return render(request, "accounts/sign_in/password_reset_without_mail.html")
    response: HttpResponse = views.password_reset(request)
    return response


@login_required
def manage_addresses(request: HttpRequest) -> HttpResponse:
    """An address that nobody could confirm isn't taken from its user, only from an administrator:
    a page that refused a taken one would tell who has an account.
    """
    if not settings.EMAIL_CONFIGURED:
        return render(request, "accounts/sign_in/email_without_mail.html")
    confirm_unknown_address(user=cast(User, request.user))
    response: HttpResponse = views.email(request)
    return response

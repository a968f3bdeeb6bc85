"""allauth's pages of one's own password, for those whose password opens something."""

from allauth.account.views import password_change, password_set
from django.http import HttpRequest, HttpResponse

from chatsite.accounts.models import User
from chatsite.accounts.sign_in.passwords_off import closed


def change(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = closed(request) if is_closed(request) else password_change(request)
    return response


def set_one(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = closed(request) if is_closed(request) else password_set(request)
    return response


def is_closed(request: HttpRequest) -> bool:
    """Those who aren't signed in are asked to."""
    return isinstance(request.user, User) and not request.user.may_use_password

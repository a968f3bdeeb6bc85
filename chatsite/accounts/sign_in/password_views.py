"""allauth's pages of one's own password, for those whose password opens something."""

from allauth.account.views import password_change, password_set
from django.http import HttpRequest, HttpResponse

from chatsite.accounts.models import User
from chatsite.accounts.sign_in.passwords_off import render_passwords_off


def change_password(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = (
        render_passwords_off(request) if has_passwords_off(request) else password_change(request)
    )
    return response


def set_password(request: HttpRequest) -> HttpResponse:
    response: HttpResponse = (
        render_passwords_off(request) if has_passwords_off(request) else password_set(request)
    )
    return response


def has_passwords_off(request: HttpRequest) -> bool:
    """Return whether the user's password opens nothing; who isn't signed in is led to do so."""
    return isinstance(request.user, User) and not request.user.may_use_password

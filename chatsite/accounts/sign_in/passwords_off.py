"""What is closed where local passwords are turned off: allauth's hooks of the account adapter."""

from http import HTTPStatus
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.allauth_internals import clear_login
from chatsite.accounts.models import User


def render_passwords_off(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/sign_in/passwords_off.html", status=HTTPStatus.FORBIDDEN)


class PasswordsOffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Break-glass administrators may do all of it as ever."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "passwords_off": _("Passwords are turned off here. Sign in with your organisation."),
    }

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Every way in passes here: of all of them only the provider's is open."""
        by_provider = "sociallogin" in (kwargs.get("signal_kwargs") or {})
        if not by_provider and not user.may_use_password:
            clear_login(request)
            return render_passwords_off(request)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def clean_password(self, password: str, user: User | None = None) -> str:
        if not (user.may_use_password if user else settings.LOCAL_PASSWORDS):
            raise self.validation_error("passwords_off")
        return str(super().clean_password(password, user=user))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        if user.may_use_password:
            super().send_password_reset_mail(user, email, context)

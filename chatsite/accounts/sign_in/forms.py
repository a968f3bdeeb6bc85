"""The forms of signing in and up in the words of our pages, and the one that makes the first
administrator.
"""

from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.forms import CharField, Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.invitations.services import InvitationGoneError
from chatsite.accounts.models import SitePolicy, User
from chatsite.accounts.sign_in.limits import LOGIN_LENGTH
from chatsite.accounts.sign_up import services as sign_up
from chatsite.core.forms import LimitedFieldsMixin, limit_length


class LoginForm(LimitedFieldsMixin, allauth_forms.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password, remember = (
            self.fields[name] for name in ("login", "password", "remember")
        )
        login.label = _("Username or email")
        login.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        limit_length(cast(CharField, login), LOGIN_LENGTH)
        password.label = _("Password")
        password.help_text = ""
        password.widget.attrs.pop("placeholder", None)
        if self.is_bound:
            # After a failure the password is what is typed again, and the field says why.
            password.widget.attrs |= {
                "autofocus": True,
                "aria-describedby": "sign-in-error id_password_error",
            }
        remember.label = _("Keep me signed in")
        remember.initial = True

    def clean(self) -> dict[str, Any]:
        """Counts a try as failed also when it can't be looked at, a name too long, say."""
        login, password = self.data.get("login"), self.data.get("password")
        if self.errors and login and password:
            get_adapter().count_failed_try(context.request, login)
        data: dict[str, Any] = super().clean()
        return data


class SignUpForm(LimitedFieldsMixin, allauth_forms.SignupForm):  # type: ignore[misc]
    """An address is asked for where mail can prove it; an invitation for one brings it along."""

    field_order = ("email", "username", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.admission: sign_up.Admission | None = None
        invitation = sign_up.invited_by(context.request)
        if invitation and invitation.email:
            self.fields["email"].initial = invitation.email
            self.fields["email"].disabled = True
        elif not settings.EMAIL_CONFIGURED:
            del self.fields["email"]
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}

    def clean(self) -> dict[str, Any]:
        super().clean()
        data: dict[str, Any] = self.cleaned_data
        data.setdefault("email", "")
        if not self.errors:
            self.admission = sign_up.admission(context.request, data["email"])
            if self.admission is None:
                self.add_error("email" if "email" in self.fields else None, refusal())
        return data

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        # Before the transaction: a hash takes a fifth of a second, in which others wait for SQLite.
        self.hashed_password = make_password(self.cleaned_data.pop("password1"))
        try:
            with transaction.atomic():
                user, response = super().try_save(request)
                if user and self.admission:
                    sign_up.welcome(user=user, admission=self.admission, request=request)
        except InvitationGoneError as gone:
            page = {"sentence": gone.sentence}
            return None, render(request, "accounts/invitation_gone.html", page, status=gone.status)
        except IntegrityError:
            # Somebody took the name since it was checked.
            self.add_error("username", gettext("A user with that username already exists."))
            return None, render(request, "account/signup.html", {"form": self}, status=422)
        return user, response


def refusal() -> str:
    policy = SitePolicy.current()
    if policy.sign_up == policy.SignUp.DOMAINS:
        return gettext("Only addresses of %(domains)s can sign up here.") % {
            "domains": ", ".join(sorted(policy.domains))
        }
    return gettext("The invitation is for another address. Use that one, or ask for a new link.")


class ChangePasswordForm(LimitedFieldsMixin, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label_passwords(self.fields)


class SetPasswordForm(LimitedFieldsMixin, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label_passwords(self.fields)


def label_passwords(fields: dict[str, Field]) -> None:
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    for name, field in fields.items():
        field.label = labels[name]
        field.widget.attrs.pop("placeholder", None)


class ResetPasswordKeyForm(LimitedFieldsMixin, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(LimitedFieldsMixin, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


class SetUpForm(LimitedFieldsMixin, BaseUserCreationForm[User]):
    """The first administrator: username, email and a password typed twice."""

    class Meta:
        model = User
        fields = ("username", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def save(self, commit: bool = True) -> User:
        self.instance.is_staff = self.instance.is_superuser = True
        return super().save(commit=commit)

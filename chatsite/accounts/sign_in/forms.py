"""The forms of signing in and of passwords, in the words of our pages."""

from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.forms import CharField, Field
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.sign_in.limits import LOGIN_LENGTH
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
        """Count a try as failed also when it can't be looked at, a name too long, say."""
        login, password = self.data.get("login"), self.data.get("password")
        if self.errors and login and password:
            get_adapter().count_failed_try(context.request, login)
        data: dict[str, Any] = super().clean()
        return data


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

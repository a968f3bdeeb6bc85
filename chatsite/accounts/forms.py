"""The sign-in form in the words of our pages, and the form that makes the first administrator."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.contrib.auth.forms import BaseUserCreationForm
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import User


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
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
        password.label = _("Password")
        password.widget.attrs.pop("placeholder", None)
        remember.label = _("Keep me signed in")
        remember.initial = True


class SetUpForm(BaseUserCreationForm[User]):
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

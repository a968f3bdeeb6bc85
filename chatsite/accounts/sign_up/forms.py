"""The form of signing up, and the one that makes the first administrator."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core import context
from django.conf import settings
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from chatsite.accounts.invitations.services import InvitationGoneError
from chatsite.accounts.invitations.session import find_remembered_invitation
from chatsite.accounts.models import SitePolicy, User
from chatsite.accounts.sign_up.services import (
    SignUpGrant,
    apply_sign_up_grant,
    find_sign_up_grant,
)
from chatsite.core.forms import LimitedFieldsMixin


class SignUpForm(LimitedFieldsMixin, allauth_forms.SignupForm):  # type: ignore[misc]
    """An address is asked for where mail can prove it; an invitation for one brings it along."""

    field_order = ("email", "username", "password1", "password2")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grant: SignUpGrant | None = None
        invitation = find_remembered_invitation(context.request)
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
            self.grant = find_sign_up_grant(context.request, data["email"])
            if self.grant is None:
                self.add_error("email" if "email" in self.fields else None, explain_refusal())
        return data

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        # Before the transaction: a hash takes a fifth of a second, in which others wait for SQLite.
        self.hashed_password = make_password(self.cleaned_data.pop("password1"))
        try:
            with transaction.atomic():
                user, response = super().try_save(request)
                if user and self.grant:
                    apply_sign_up_grant(user=user, grant=self.grant, request=request)
        except InvitationGoneError as gone:
            page = {"sentence": gone.sentence}
            return None, render(request, "accounts/invitations/gone.html", page, status=gone.status)
        except IntegrityError:
            # Somebody took the name since it was checked.
            self.add_error("username", gettext("A user with that username already exists."))
            return None, render(request, "account/signup.html", {"form": self}, status=422)
        return user, response


def explain_refusal() -> str:
    policy = SitePolicy.current()
    if policy.sign_up == policy.SignUp.DOMAINS:
        return gettext("Only addresses of %(domains)s can sign up here.") % {
            "domains": ", ".join(sorted(policy.domains))
        }
    return gettext("The invitation is for another address. Use that one, or ask for a new link.")


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

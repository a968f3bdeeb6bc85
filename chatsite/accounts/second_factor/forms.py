"""allauth's forms of second factors, in the words of our pages."""

import contextlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.accounts.allauth_internals import normalize_user_code
from chatsite.core.forms import LimitedFieldsMixin

NAME_LENGTH = 60
# Of what a browser says of a passkey: about 1 KB with an attestation, a few more with certificates.
CREDENTIAL_LENGTH = 65_536
CODE_INPUT = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


class ActivateAppForm(LimitedFieldsMixin, ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app")
        self.fields["code"].widget.attrs = CODE_INPUT


class CodeMixin(LimitedFieldsMixin, BaseAuthenticateForm):  # type: ignore[misc]
    """A code from the app or a recovery code, each good for one use."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        app = Authenticator.Type.TOTP in self.kinds
        self.fields["code"].label = (
            _("Code from your app, or a recovery code") if app else _("Recovery code")
        )
        self.fields["code"].widget.attrs = CODE_INPUT if app else CODE_INPUT | {"autofocus": False}

    @cached_property
    def kinds(self) -> set[str]:
        """The types of factors that the user has, for the page to offer."""
        return set(Authenticator.objects.filter(user=self.user).values_list("type", flat=True))

    def clean_code(self) -> str:
        """allauth forgets a code as used before the last clock that it would be right by."""
        code = str(super().clean_code())
        steps = 2 * app_settings.TOTP_TOLERANCE + 1
        key = f"code-used-{self.user.pk}-{normalize_user_code(code)}"
        if not cache.add(key, True, steps * app_settings.TOTP_PERIOD):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(CodeMixin, AuthenticateForm):  # type: ignore[misc]
    pass


class ConfirmByCodeForm(CodeMixin, ReauthenticateForm):  # type: ignore[misc]
    pass


class CredentialField(forms.JSONField):
    """What a browser says of a passkey. It is parsed within limits, and never shown again: another
    try begins anew, and what came may not even be text that can be shown.
    """

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > CREDENTIAL_LENGTH:
            raise build_passkey_error()
        try:
            return super().to_python(value)
        except RecursionError:
            raise build_passkey_error() from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        return InvalidJSONInput()


class PasskeyMixin:
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()

    def clean_credential(self) -> Any:
        with translate_passkey_errors():
            return super().clean_credential()  # type: ignore[misc]


@contextlib.contextmanager
def translate_passkey_errors() -> Iterator[None]:
    """Turn allauth's errors into one of ours: what it calls a wrong code was no code here, and it
    doesn't catch what no browser sends.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError):
        raise build_passkey_error() from None
    except ValidationError as error:
        raise (
            build_passkey_error() if getattr(error, "code", "") == "incorrect_code" else error
        ) from None


def build_passkey_error() -> ValidationError:
    return ValidationError(_("This passkey isn’t known here, or took too long. Try again."))


class PasskeyForm(PasskeyMixin, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class SignInByPasskeyForm(PasskeyMixin, LoginWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Authenticator:
        """Accept a passkey in place of a password, so only where a password would do."""
        passkey = super().clean_credential()
        if not passkey.user.may_use_password:
            raise ValidationError(_("A passkey alone opens nothing here. Use single sign-on."))
        return passkey


class ConfirmByPasskeyForm(PasskeyMixin, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    passwordless = forms.BooleanField(
        label=gettext_lazy("Sign in with it alone, without a password"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "It then asks for your fingerprint, face or PIN. Untick this for a security key "
            "that has none of these: it will come after your password."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = build_name_field(required=False)
        self.fields["credential"] = CredentialField()

    def clean(self) -> Any:
        with translate_passkey_errors():
            return super().clean()


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = build_name_field(required=True)


class RemovePasskeyForm(forms.Form):
    """No field; refuses to take away the last factor where one is required."""

    def __init__(self, *args: Any, authenticator: Authenticator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authenticator = authenticator

    def clean(self) -> None:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.authenticator):
            raise adapter.validation_error("cannot_delete_authenticator")


def build_name_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        required=required,
        max_length=NAME_LENGTH,
        help_text=_("So that you can tell it from others."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

"""allauth's policy hooks: who signs up, where links and mails lead, how tries are counted."""

import ipaddress
import time
from secrets import compare_digest
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.allauth_internals import clean_client_ip
from chatsite.accounts.mail import send_after_commit
from chatsite.accounts.models import User
from chatsite.accounts.names import fold_name
from chatsite.accounts.second_factor.services import has_second_factor
from chatsite.accounts.sign_in.devices import remember_device
from chatsite.accounts.sign_in.limits import LOGIN_LENGTH
from chatsite.accounts.sign_in.passwords_off import PasswordsOffAdapter
from chatsite.accounts.sign_in.waits import describe_wait
from chatsite.accounts.sign_up.services import is_sign_up_open
from chatsite.accounts.users import addresses
from chatsite.accounts.users.queries import find_user_by_login
from chatsite.core.links import make_absolute_url
from chatsite.core.text import normalize

# What the page that follows shows by itself.
SELF_EVIDENT = {
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "mfa/messages/recovery_codes_generated.txt",
}
# What allauth calls the ways to show again who one is; the password's name will do.
METHOD_LABELS = {
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
WRONG_CREDENTIALS = _("That name and password don’t belong together. Check both and try again.")
# Where the session keeps what the password was when a sign-in began.
BEGUN_AS = "sign_in_begun_as"
# Seconds by which hosts' clocks may differ.
CLOCK_SLACK = 60
# Sessions are kept with an address, and the database takes nothing else for one.
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104


def is_username_taken(username: str) -> bool:
    return User.objects.filter(username_key=fold_name(username)).exists()


class AccountAdapter(PasswordsOffAdapter):
    error_messages = PasswordsOffAdapter.error_messages | {
        "email_password_mismatch": WRONG_CREDENTIALS,
        "username_password_mismatch": WRONG_CREDENTIALS,
        "username_is_address": _("A username can’t hold an @. Choose one without."),
    }

    # Signing up

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return is_sign_up_open(request)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        # By either one signs in: a username that is somebody's address would be in its way, and
        # "that username is taken" would tell whose address has an account.
        if "@" in username:
            raise self.validation_error("username_is_address")
        # Before it is checked: a decomposed letter holds a mark, which no name may.
        username = super().clean_username(normalize(username, "NFKC"), shallow=shallow)
        if not shallow and is_username_taken(username):
            raise self.validation_error("username_taken")
        return username

    def generate_unique_username(self, txts: list[str | None], regex: str | None = None) -> str:
        """allauth compares by the database's idea of case, which is not ours: straße is strasse."""
        name = str(super().generate_unique_username(txts, regex))
        while is_username_taken(name):
            name = str(super().generate_unique_username([f"{name}2"], regex))
        return name

    def clean_email(self, email: str) -> str:
        return str(super().clean_email(normalize(email, "NFKC")))

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        """The sign-up form has hashed its password by now, which takes too long in here."""
        super().save_user(request, user, form, commit=False)
        user.password = getattr(form, "hashed_password", user.password)
        if commit:
            user.save()
        return user

    # Signing in

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise ValidationError(describe_wait(request, key), code="too_many") from None

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        addresses.confirm_unknown_address(user=user)
        request.session[BEGUN_AS] = user.get_session_auth_hash()
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def login(self, request: HttpRequest, user: User) -> None:
        """The last step. A sign-in may have begun a while ago, with a password that was changed
        since, or into an account that was closed.
        """
        begun_as = request.session.pop(BEGUN_AS, "")
        if not (user.is_active and compare_digest(begun_as, user.get_session_auth_hash())):
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if remember_device(request, response, user) and not kwargs["signup"]:
            self.send_notification_mail("account/email/new_sign_in", user)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for the first factor of who has just signed in: a policy may have led them to it."""
        records = get_authentication_records(context.request, context.request.user)
        age = time.time() - (records[-1]["at"] if records else 0)
        if age < -CLOCK_SLACK:
            # The clock was ahead: it would be recent until that time has come.
            return True
        is_fresh = age < app_settings.REAUTHENTICATION_TIMEOUT
        user = context.request.user
        if app == "allauth.mfa" and is_fresh and not has_second_factor(user):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        return [
            method | {"description": METHOD_LABELS.get(method["id"], method["description"])}
            for method in super().get_reauthentication_methods(user)
        ]

    def get_login_stages(self) -> list[str]:
        ours = {
            "allauth.account.stages.EmailVerificationStage": (
                "chatsite.accounts.sign_in.stages.EmailVerificationStage"
            )
        }
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def is_safe_url(self, url: str) -> bool:
        """Where signing in may lead: to this host alone, whichever others the site answers to."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """An account has one count, by whichever of its names it is tried. The host is left out:
        who tries may vary it (`Host: site:1`, `Host: site:2`).
        """
        name = str(credentials.get("email", credentials.get("username", "")))
        user = find_user_by_login(name)
        return f"user {user.pk}" if user else fold_name(name)

    def count_failed_try(self, request: HttpRequest, login: str) -> None:
        """For a try that failed before its password was looked at. Raises ValidationError where
        there were too many.
        """
        name = login[:LOGIN_LENGTH].replace("\0", "")
        self.pre_authenticate(request, username=name)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that rate limits count by: the one the outermost trusted proxy saw.

        A header with fewer addresses than there are proxies came past them; it is not believed.
        """
        proxies = settings.TRUSTED_PROXY_COUNT
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        forwarded_for = forwarded[-proxies] if 0 < proxies <= len(forwarded) else ""
        # Without the port that some proxies add: it differs with each connection.
        addresses = (forwarded_for, request.META.get("REMOTE_ADDR", ""))
        return next(filter(None, map(normalize_ip_address, addresses)), UNKNOWN_ADDRESS)

    # Addresses

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            # Since the mail was sent, another account was given this address.
            return False

    # Mails

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = {"name": _("Chat"), "domain": urlsplit(make_absolute_url("/")).netloc}
        context = context | {"email": email, "current_site": site}
        send_after_commit(self.render_mail(template_prefix, email, context))

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        user, _dash, token = key.partition("-")
        return make_absolute_url(reverse("account_reset_password_from_key", args=[user, token]))

    def get_email_confirmation_url(
        self, request: HttpRequest, confirmation: EmailConfirmation
    ) -> str:
        return make_absolute_url(reverse("account_confirm_email", args=[confirmation.key]))

    def send_account_already_exists_mail(self, email: str) -> None:
        links = {
            "sign_in_url": make_absolute_url(reverse("account_login")),
            "password_reset_url": make_absolute_url(reverse("account_reset_password")),
        }
        self.send_mail("account/email/account_already_exists", email, links)

    # Pages

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("mfa_index")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        if message_template not in SELF_EVIDENT:
            super().add_message(request, level, message_template, *args, **kwargs)


def normalize_ip_address(text: str) -> str | None:
    """An address of IPv4 is the same where the server listens on IPv6 (`::ffff:192.0.2.1`)."""
    address = clean_client_ip(text)
    mapped = getattr(ipaddress.ip_address(address), "ipv4_mapped", None) if address else None
    return str(mapped) if mapped else address

"""Who gets in through the identity provider, and as whom: allauth's hooks for single sign-on."""

import logging
import re
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess, Provider
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from requests import RequestException

from chatsite.accounts.invitations.services import InvitationGoneError
from chatsite.accounts.models import User
from chatsite.accounts.sign_up.services import SignUpGrant, apply_sign_up_grant, find_sign_up_grant
from chatsite.accounts.single_sign_on.services import (
    apply_role,
    claim_account,
    delete_unverified_addresses,
    find_address_owner,
    is_from_allowed_domain,
)

logger = logging.getLogger(__name__)

OAUTH_CODE = re.compile(r"[a-z_]{1,40}")
OAUTH_ERROR = re.compile(r'"error"\s*:\s*"([a-z_]{1,40})"')


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _(
            "Without this connection you couldn’t sign in any more. Set a password first."
        ),
        "passwords_off": _(
            "Without this connection you couldn’t sign in any more: passwords are turned off here."
        ),
        "no_verified_email": _(
            "Without this connection you might not get back in. Confirm an email address first."
        ),
    }

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, str]
    ) -> User:
        """The username is made when it is known that there will be an account."""
        user: User = sociallogin.user
        user.email = data.get("email", "")
        user.name = data["name"][: User._meta.get_field("name").max_length]
        return user

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        email = find_verified_address(sociallogin)
        owner = find_address_owner(email) if email else None
        return (owner, email) if owner else None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") in {AuthProcess.CONNECT, AuthProcess.REDIRECT}:
            return
        email = find_verified_address(sociallogin)
        if not sociallogin.is_existing:
            delete_unverified_addresses(email)
            return
        user = sociallogin.user
        if not user.is_active:
            raise ImmediateHttpResponse(
                get_account_adapter(request).respond_user_inactive(request, user)
            )
        if sociallogin._did_authenticate_by_email:
            claim_account(user, email)
        apply_role(user, sociallogin.account.extra_data["role"])

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Without a grant there is a page that says so, in place of allauth's."""
        email = find_verified_address(sociallogin)
        sociallogin.grant = find_sign_up_grant(request, email)
        if not sociallogin.grant and is_from_allowed_domain(email):
            sociallogin.grant = SignUpGrant()
        if not sociallogin.grant:
            logger.warning("Single sign-on: an identity was not admitted; it has no account here.")
            raise ImmediateHttpResponse(
                render(
                    request,
                    "socialaccount/refused.html",
                    {
                        "identity": sociallogin.account.extra_data.get("email", ""),
                        "vouched": bool(email),
                    },
                    status=HTTPStatus.FORBIDDEN,
                )
            )
        return True

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        """Never by a form: what the provider says is all there is to say."""
        user: User = sociallogin.user
        claims = sociallogin.account.extra_data
        names = [claims.get("preferred_username"), claims.get("email"), user.name]
        user.username = get_account_adapter(request).generate_unique_username(names)
        user.set_unusable_password()
        try:
            with transaction.atomic():
                sociallogin.save(request)
                apply_sign_up_grant(user=user, grant=sociallogin.grant, request=request)
                apply_role(user, claims["role"])
        except InvitationGoneError as gone:
            page = {"sentence": gone.sentence}
            raise ImmediateHttpResponse(
                render(request, "accounts/invitations/gone.html", page, status=gone.status)
            ) from None
        except IntegrityError:
            # The same identity in another tab was a moment faster.
            raise ImmediateHttpResponse(
                render(request, "socialaccount/problem.html", EXPIRED, status=HTTPStatus.CONFLICT)
            ) from None
        return user

    def validate_disconnect(self, account: SocialAccount, accounts: Any) -> None:
        is_last = not accounts.exclude(pk=account.pk).exists()
        if is_last and not account.user.may_use_password:
            raise self.validation_error("passwords_off")

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """A page that says what happened; what exactly is for the log, without what is secret."""
        if error == AuthError.CANCELLED:
            return
        if exception is None and "state" not in (extra_context or {}):
            problem, status = EXPIRED, HTTPStatus.BAD_REQUEST
        elif isinstance(exception, RequestException):
            problem, status = UNREACHABLE, HTTPStatus.BAD_GATEWAY
        else:
            problem, status = UNUSABLE, HTTPStatus.BAD_GATEWAY
        if problem is not EXPIRED:
            logger.warning("Single sign-on failed: %s", describe_failure(request, exception))
        raise ImmediateHttpResponse(
            render(request, "socialaccount/problem.html", problem, status=status)
        )


def find_verified_address(sociallogin: SocialLogin) -> str:
    """Return the address that the provider has verified: its claims leave no other in a login."""
    return next((str(address.email) for address in sociallogin.email_addresses), "")


def describe_failure(request: HttpRequest, exception: Exception | None) -> str:
    """Describe what went wrong in words that can hold no token: the provider's answers may."""
    if exception is None:
        code = request.GET.get("error", "")
        return f"the provider says {code if OAUTH_CODE.fullmatch(code) else 'nothing of use'}"
    text = str(exception)
    if found := OAUTH_ERROR.search(text):
        return f"the provider’s token endpoint says {found[1]}"
    if isinstance(exception, RequestException):
        status = getattr(exception.response, "status_code", "no answer")
        address = str(getattr(exception.request, "url", "the provider")).partition("?")[0]
        return f"{type(exception).__name__} at {address} ({status})"
    if text.startswith("Error retrieving access token"):
        return "the provider’s token endpoint gave no token"
    if text == "Invalid id_token":
        return f"{text} ({type(exception.__cause__).__name__}; do the clocks agree?)"
    return text


EXPIRED = {
    "heading": _("This sign-in is over"),
    "sentence": _(
        "It took too long, or was begun in another window. Nothing was changed; begin again."
    ),
}
UNREACHABLE = {
    "heading": _("The sign-in service doesn’t answer"),
    "sentence": _(
        "Your conversations are safe. Try again in a minute; if it stays so, tell your "
        "administrator."
    ),
}
UNUSABLE = {
    "heading": _("The sign-in didn’t work"),
    "sentence": _(
        "The sign-in service gave an answer that can’t be used. Try again; if it stays so, tell "
        "your administrator: the server’s log says what was wrong."
    ),
}

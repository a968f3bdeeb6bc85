"""allauth's policy hooks: nobody signs up by themselves, and addresses are read behind proxies."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

# What the page that follows shows by itself.
SELF_EVIDENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Where signing in may lead: to this host alone, whichever others the site answers to."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, {request.get_host()}, require_https=request.is_secure()
        )

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

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

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # Without the host, which whoever tries may vary (`Host: site:1`, `Host: site:2`).
        return str(credentials.get("email", credentials.get("username", ""))).lower()

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that rate limits count by: the one the outermost trusted proxy saw.

        A header with fewer addresses than there are proxies came past them; it is not believed.
        """
        proxies = settings.TRUSTED_PROXY_COUNT
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        told = forwarded[-proxies] if 0 < proxies <= len(forwarded) else ""
        # Without the port that some proxies add: it differs with each connection.
        return str(clean_client_ip(told) or request.META.get("REMOTE_ADDR") or "unknown")

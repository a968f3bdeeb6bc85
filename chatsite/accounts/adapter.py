"""allauth's policy hooks: nobody signs up by themselves, and addresses are read behind proxies."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that rate limits count by: the one the outermost trusted proxy saw.

        A header with fewer addresses than there are proxies came past them; it is not believed.
        """
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")
        if 0 < settings.TRUSTED_PROXY_COUNT <= len(forwarded):
            address = forwarded[-settings.TRUSTED_PROXY_COUNT].strip()
            if address:
                return address
        return str(request.META.get("REMOTE_ADDR") or "unknown")

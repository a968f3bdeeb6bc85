"""A tag with the identity provider's label and address."""

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.urls import reverse

from chatsite.single_sign_on import PROVIDER_ID

register = template.Library()


@dataclass(frozen=True)
class SingleSignOn:
    label: str
    url: str
    # Passwords are for break-glass administrators.
    only: bool


@register.simple_tag
def single_sign_on() -> SingleSignOn | None:
    """None where there is no provider."""
    if not settings.OIDC_ISSUER:
        return None
    url = reverse("openid_connect_login", kwargs={"provider_id": PROVIDER_ID})
    return SingleSignOn(settings.OIDC_LABEL, url, only=not settings.LOCAL_PASSWORDS)

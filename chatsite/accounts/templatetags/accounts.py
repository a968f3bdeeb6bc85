"""Tags of the account pages: their list, the site's policy, what this page's address allows."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse

from chatsite.accounts.models import SitePolicy
from chatsite.accounts.pages import ACCOUNT_PAGES
from chatsite.accounts.second_factor.passkeys import PasskeyObstacle, find_passkey_obstacle
from chatsite.accounts.sign_up.first_administrator import is_administrator_needed
from chatsite.accounts.sign_up.services import is_sign_up_open

register = template.Library()

# Pages that belong to one of them without lying below it.
BELONGS = {
    "account_email": "account_profile",
    "account_change_password": "mfa_index",
    "account_set_password": "mfa_index",
}


@register.inclusion_tag("_account_nav.html", takes_context=True)
def account_nav(context: Context) -> dict[str, Any]:
    request = context["request"]
    owner = BELONGS.get(request.resolver_match.view_name)
    path = reverse(owner) if owner else request.path
    shown = [page for page in ACCOUNT_PAGES if page.is_shown()]
    items = [{"url": reverse(page.name), "label": page.label} for page in shown]
    if settings.OIDC_ISSUER:
        url = reverse("socialaccount_connections")
        items.append({"url": url, "label": settings.OIDC_LABEL})
    # Pages below one belong to the nearest above them.
    above = [str(item["url"]) for item in items if path.startswith(str(item["url"]))]
    current = max(above, key=len, default=None)
    return {"items": [item | {"current": item["url"] == current} for item in items]}


@register.simple_tag(takes_context=True)
def sign_up_is_open(context: Context) -> bool:
    return is_sign_up_open(context["request"])


@register.simple_tag
def sign_up_policy() -> str:
    return SitePolicy.current().sign_up


@register.simple_tag
def privacy_notice() -> str:
    return SitePolicy.current().privacy_notice.strip()


@register.simple_tag
def has_administrator() -> bool:
    return not is_administrator_needed()


@register.simple_tag(takes_context=True)
def passkey_obstacle(context: Context) -> PasskeyObstacle | None:
    """Why passkeys don't work on this page; None where they do."""
    return find_passkey_obstacle(context["request"])

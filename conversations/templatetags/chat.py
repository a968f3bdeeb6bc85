"""Times as people read them, icons, and the list of account pages."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

register = template.Library()


@register.filter
def short_time(moment: datetime) -> str:
    """ "now", "12:40", "Yesterday", "3 October" or "3 October 2025", in the reader's time zone."""
    now = timezone.localtime()
    local = timezone.localtime(moment)
    if abs(now - local) < timedelta(minutes=1):
        return _("now")
    if local.date() == now.date():
        return date_format(local, "H:i")
    if local.date() == now.date() - timedelta(days=1):
        return _("Yesterday")
    return date_format(local, "j F" if local.year == now.year else "j F Y")


@register.filter
def full_time(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "l, j F Y, H:i:s")


# What each page about one's own account is called.
ACCOUNT_PAGES = (
    ("account_profile", _lazy("Profile")),
    ("mfa_index", _lazy("Sign-in and security")),
    ("usersessions_list", _lazy("Sessions")),
    ("account_usage", _lazy("Usage")),
    ("my_data", _lazy("My data")),
)
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
    items = [{"url": reverse(name), "label": label} for name, label in ACCOUNT_PAGES]
    if settings.OIDC_ISSUER:
        url = reverse("socialaccount_connections")
        items.append({"url": url, "label": settings.OIDC_LABEL})
    # Pages below one belong to the nearest above them.
    above = [str(item["url"]) for item in items if path.startswith(str(item["url"]))]
    current = max(above, key=len, default=None)
    return {"items": [item | {"current": item["url"] == current} for item in items]}


@register.simple_tag
def icon(name: str) -> SafeString:
    """One outline of the sprite; decoration, so what it stands for is said in words beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons/lucide.svg"),
        name,
    )

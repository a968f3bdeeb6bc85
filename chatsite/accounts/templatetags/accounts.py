"""What the pages of the way in need to know of the site's policy, and of where they are opened."""

from django import template
from django.template import Context

from chatsite.accounts.models import SitePolicy
from chatsite.accounts.second_factor import passkeys
from chatsite.accounts.services import setup, sign_up

register = template.Library()


@register.simple_tag(takes_context=True)
def sign_up_is_open(context: Context) -> bool:
    return sign_up.is_open(context["request"])


@register.simple_tag
def sign_up_policy() -> str:
    return SitePolicy.current().sign_up


@register.simple_tag
def has_administrator() -> bool:
    return not setup.is_needed()


@register.simple_tag(takes_context=True)
def passkey_obstacle(context: Context) -> passkeys.Obstacle | None:
    """Why passkeys don't work on this page; None where they do."""
    return passkeys.obstacle(context["request"])

"""Times as people read them, waits that are counted down, and icons."""

import functools
from datetime import datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

# Seconds; longer waits are told in minutes, or by the clock.
COUNTED_DOWN = 90


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


@register.filter
def count_down(sentence: str, seconds: int | None) -> str:
    """Mark the seconds that a sentence tells to wait, for a script to count them down."""
    if not seconds or seconds > COUNTED_DOWN:
        return sentence
    before, number, after = sentence.rpartition(str(seconds))
    if not number:
        return sentence
    return format_html('{}<span data-countdown="{}">{}</span>{}', before, seconds, number, after)


# A page has hundreds, and the address of the sprite is looked up for each.
@register.simple_tag
@functools.cache
def icon(name: str) -> SafeString:
    """One outline of the sprite; decoration, so what it stands for is said in words beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons/lucide.svg"),
        name,
    )

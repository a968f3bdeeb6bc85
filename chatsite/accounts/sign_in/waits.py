"""Compute how long to wait after too many failed sign-ins, and say it in words."""

import math
import time

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext

from chatsite.accounts.allauth_internals import get_cache_key, get_rates

MINUTE = 60


def describe_wait(request: HttpRequest, key: str) -> str:
    """Return the sentence for a sign-in that the rate limit refused; `key` names the account."""
    seconds = compute_wait(request, key)
    if seconds <= MINUTE:
        return ngettext(
            "Too many failed sign-ins. Try again in %(count)d second.",
            "Too many failed sign-ins. Try again in %(count)d seconds.",
            seconds,
        ) % {"count": seconds}
    minutes = math.ceil(seconds / MINUTE)
    return ngettext(
        "Too many failed sign-ins. Try again in %(count)d minute.",
        "Too many failed sign-ins. Try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def compute_wait(request: HttpRequest, key: str) -> int:
    """Return the seconds until every limit that is used up lets a try through; at least one."""
    limit = {"app": "allauth.account", "action": "login_failed"}
    waits = [1.0]
    for rate in get_rates(**limit):
        # The newest first: the oldest is the next to be forgotten.
        tries = cache.get(get_cache_key(request, rate=rate, key=key, **limit), [])
        if len(tries) >= rate.amount:
            waits.append(tries[rate.amount - 1] + rate.duration - time.time())
    return math.ceil(max(waits))

"""What the pages' forms send."""

import secrets

from django.http import HttpRequest

# No id is longer.
DIGITS = 18


def read_token(request: HttpRequest) -> str:
    """The form's own token; a form without one is never taken for another."""
    return request.POST.get("token") or secrets.token_urlsafe(16)


def read_seen_message(request: HttpRequest) -> int | None:
    """The last message that the tab shows; others may have been sent from elsewhere since."""
    seen = request.POST.get("seen") or request.GET.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) <= DIGITS else None

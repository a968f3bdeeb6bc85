"""Which browsers a user has signed in with: a signed cookie remembers, the server keeps nothing."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chatsite.accounts.models import User

COOKIE = "known_users"
LIFETIME = timedelta(days=365)
# Users of one browser that are remembered, the latest first.
MOST_USERS = 10


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> bool:
    """Remember in the browser that this user signed in with it; return whether that is new."""
    known = str(request.get_signed_cookie(COOKIE, default="", max_age=LIFETIME)).split(".")
    users = [str(user.pk), *(pk for pk in known if pk and pk != str(user.pk))]
    response.set_signed_cookie(
        COOKIE,
        ".".join(users[:MOST_USERS]),
        max_age=LIFETIME,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return str(user.pk) not in known

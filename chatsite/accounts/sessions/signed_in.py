"""Who is signed in, for what runs before a view."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chatsite.accounts.models import User

type View = Callable[[HttpRequest], HttpResponse]


def get_signed_in_user(request: HttpRequest) -> User | None:
    """Return who is signed in, without a query for a request that has no session."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None

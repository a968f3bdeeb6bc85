"""Pages for their reader alone, with times in the reader's own zone: the browser tells it in a
cookie, and the account keeps it.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from chatsite.accounts.models import User, validate_time_zone

COOKIE = "time_zone"

type View = Callable[[HttpRequest], HttpResponse]


class NeverCacheMiddleware:
    """Pages are their reader's own; whoever signs out leaves none behind for the back button."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class TimeZoneMiddleware:
    """The zone is read when the view is known: until then nothing has asked for the session."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if zone := reader_zone(request):
            timezone.activate(zone)


def reader_zone(request: HttpRequest) -> ZoneInfo | None:
    """The zone to show times in; None is the site's own."""
    told = told_zone(request)
    user = request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    if isinstance(user, User):
        if told and told != user.time_zone:
            User.objects.filter(pk=user.pk).update(time_zone=told)
        told = told or user.time_zone
    return ZoneInfo(told) if told else None


def told_zone(request: HttpRequest) -> str:
    # A slash is no character of a cookie.
    told = unquote(request.COOKIES.get(COOKIE, ""))
    try:
        validate_time_zone(told)
    except ValidationError:
        return ""
    return told

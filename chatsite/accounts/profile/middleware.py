"""Pages for their reader alone, in the reader's language, with times in the reader's own zone.

The browser sends its language in a header and its zone in a cookie; what a user chose for their
account counts more.
"""

from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from chatsite.accounts.models import User, validate_time_zone
from chatsite.accounts.sessions.signed_in import View, get_signed_in_user
from chatsite.core.optional_writes import optional_write

COOKIE = "time_zone"


class NeverCacheMiddleware:
    """Pages are their reader's own; whoever signs out leaves none behind for the back button."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class LanguageMiddleware:
    """The account's language is read when the view is known, as the zone is."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ["Accept-Language"])
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        user = get_signed_in_user(request)
        if user and user.language in dict(settings.LANGUAGES):
            translation.activate(user.language)


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
        if zone := find_reader_time_zone(request):
            timezone.activate(zone)


def find_reader_time_zone(request: HttpRequest) -> ZoneInfo | None:
    """Return the zone to show times in; None is the site's own."""
    zone = read_browser_time_zone(request)
    if user := get_signed_in_user(request):
        if user.time_zone_is_chosen:
            return user.zone
        if zone and zone != user.time_zone:
            with optional_write("a time zone"):
                User.objects.filter(pk=user.pk).update(time_zone=zone)
            user.time_zone = zone
        zone = zone or user.time_zone
    return ZoneInfo(zone) if zone else None


def read_browser_time_zone(request: HttpRequest) -> str:
    """Read what the browser says; "" when it says nothing, or nonsense."""
    # A slash is no character of a cookie.
    zone = unquote(request.COOKIES.get(COOKIE, ""))
    try:
        validate_time_zone(zone)
    except ValidationError:
        return ""
    return zone

"""When each session was last used, from where and with what: written down every five minutes."""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from chatsite.accounts.sessions.signed_in import View, get_signed_in_user
from chatsite.core.optional_writes import optional_write

INTERVAL = 300  # seconds
STREAM = "conversations:stream"


class LastSeenMiddleware:
    """Sessions that began before they were listed are listed from their next page on.

    That it was written is remembered outside the session: saving one anew with each page could undo
    what another request has just put into it.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any
    ) -> None:
        # Not where a reader waits for words: sends and streams come from a page that was opened.
        streams = request.resolver_match and request.resolver_match.view_name == STREAM
        if request.method != "GET" or streams or not get_signed_in_user(request):
            return
        key = f"session-seen-{request.session.session_key}"
        if not cache.add(key, True, INTERVAL):
            return
        is_saved = False
        with optional_write("when a session was last used"):
            UserSession.objects.create_from_request(request)
            is_saved = True
        if not is_saved:
            # The next page tries again.
            cache.delete(key)

"""Log lines of a signed-in user's request say whose it is: by the pseudonym that review uses."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from chatsite.accounts.sessions.signed_in import View, get_signed_in_user
from chatsite.core.log_context import bind_context


class LogUserMiddleware:
    """When the view is known: until then nothing has asked for the session."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if user := get_signed_in_user(request):
            bind_context(user=user.pseudonym)

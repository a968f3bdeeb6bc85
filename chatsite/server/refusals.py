"""What is said to a request that isn't taken: for its body, or for want of room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from chatsite.core.http import render_sentence
from chatsite.server.busy_page import RETRY_AFTER, render_busy_page
from chatsite.server.request_id import current_request_id


def too_large(request: HttpRequest) -> HttpResponse:
    sentence = _("This is too large to be sent. Shorten it or send it in parts.")
    return render_refusal(request, 413, _("This is too large"), sentence)


def too_slow(request: HttpRequest) -> HttpResponse:
    sentence = _("What you sent came in too slowly, so nothing was changed. Try again.")
    return render_refusal(request, 408, _("This took too long"), sentence)


def busy_response(request: HttpRequest) -> HttpResponse:
    """Cheap, and without a line in the log: there may be a thousand of them in a second."""
    sentence = _("Too many people are using the site right now. Try again in a few seconds.")
    if request.htmx:  # type: ignore[attr-defined]
        response = render_sentence(sentence, status=503)
    else:
        number = _("Tell your administrator this number: %(number)s") % {
            "number": current_request_id()
        }
        page = render_busy_page(_("The server is busy"), sentence, get_language(), number)
        response = HttpResponse(page, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


@never_cache
def render_refusal(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """Answers as the pages of errors do: a page, or for htmx the sentence alone."""
    if request.htmx:  # type: ignore[attr-defined]
        return render_sentence(sentence, status=status)
    context = {"title": title, "sentence": sentence}
    return render(request, "refused.html", context, status=status)

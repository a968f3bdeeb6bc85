"""Pages for what went wrong, in words that help."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from chatsite.core.database_errors import is_unavailable
from chatsite.core.http import HtmxRequest, render_sentence, sent_text

# Seconds: after which trying again may help.
OUTAGE_LASTS = 5
# Seconds: the limits of requests to the pages of accounts count by the minute.
LIMITS_LAST = 60


@never_cache
def bad_request(request: HtmxRequest, exception: Exception) -> HttpResponse:
    """What Django itself refuses: above all a message of many megabytes."""
    if request.htmx:
        sentence = _("The server didn’t understand this. Reload the page; your text is kept.")
        if isinstance(exception, RequestDataTooBig):
            sentence = _("This is too large to be sent. Shorten it or send it in parts.")
        return render_sentence(sentence, status=400)
    return render(request, "400.html", status=400)


@never_cache
def not_found(request: HtmxRequest, exception: Exception) -> HttpResponse:
    """No hint at what was looked for: someone else's page and one that never was look the same."""
    return render(request, "404.html", status=404)


@never_cache
def conflict_page(request: HtmxRequest) -> HttpResponse:
    """Of two requests at the same moment, the one that came too late."""
    if request.htmx:
        sentence = _("Something else changed this at the same moment. Reload the page.")
        return render_sentence(sentence, status=409)
    return render(request, "409.html", status=409)


def too_many_requests(request: HtmxRequest) -> HttpResponse:
    """allauth's limits; those of failed sign-ins tell their own, longer wait in the form."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(LIMITS_LAST)
    return response


@never_cache
def unavailable_page(request: HtmxRequest) -> HttpResponse:
    """For a database that is locked, full or away: nothing of it is asked for the page.

    A message that a browser without scripts has sent is shown, to be copied: with scripts it is
    still in its box.
    """
    response: HttpResponse
    if request.htmx:
        sentence = _("The server can’t reach its database right now. Try again in a moment.")
        response = render_sentence(sentence, status=503)
    else:
        context = {"offline_model": settings.OFFLINE_MODEL, "text": sent_text(request)}
        response = HttpResponse(render_to_string("503.html", context), status=503)
    response["Retry-After"] = str(OUTAGE_LASTS)
    return response


def server_error(request: HtmxRequest) -> HttpResponse:
    """Rendered from as little as it can be: whatever broke may break again.

    Whatever can't reach the database comes here as well: a view, or what stands before views.
    """
    error = sys.exc_info()[1]
    if error and is_unavailable(error):
        return unavailable_page(request)
    context = {"offline_model": settings.OFFLINE_MODEL}
    return HttpResponseServerError(render_to_string("500.html", context))


def csrf_failure(request: HtmxRequest, reason: str = "") -> HttpResponse:
    """Mostly a page that was open while its user signed out and in again: a fresh one has the right
    token.
    """
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "403_csrf.html", status=403)

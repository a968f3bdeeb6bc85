"""Search in one's own conversations: a part of the sidebar as one types, a page without scripts."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from chatsite.accounts.access import SignedInRequest, signed_in
from chatsite.core.pagination import InvalidCursorError, Page, read_id
from conversations import own_search
from conversations.own_search import MessageHit, TitleHit
from conversations.search.terms import parse_terms
from conversations.views.context import make_sidebar_context


@never_cache
@require_safe
@signed_in
@vary_on_headers("HX-Request")
def show_search(request: SignedInRequest) -> HttpResponse:
    """What `q` is found in; further messages only, with `before`, or titles, after `titles`."""
    text = request.GET.get("q", "").strip()
    if request.htmx and not text:
        return HttpResponse()
    context = find_results(request, text)
    if request.htmx:
        return render(request, "conversations/_search_results.html", context)
    context |= make_sidebar_context(request) | {"query": text}
    return render(request, "conversations/search.html", context)


def find_results(request: SignedInRequest, text: str) -> dict[str, Any]:
    if len(text) > own_search.QUERY_LENGTH:
        limit = own_search.QUERY_LENGTH
        sentence = _("Search for at most %(limit)d characters. Shorten it.") % {"limit": limit}
        return {"hint": sentence}
    if not parse_terms(text):
        return {"hint": _("Type a word, a part of one or a “phrase in quotation marks”.")}
    before, after = read_beginning(request), request.GET.get("titles", "")
    titles: Page[TitleHit] = Page([])
    messages: Page[MessageHit] = Page([])
    # Further titles or further messages, or the first of both.
    if before is None:
        titles = find_titles(request, text, after)
    if not after:
        messages = own_search.search_messages(request.user, text, before=before)
    return {
        "query": text,
        "titles": titles.rows,
        "more_titles": titles.next,
        # Not `messages`: those are Django's, which the page around it shows as toasts.
        "message_hits": messages.rows,
        "older": messages.next,
        "count": len(titles.rows) + len(messages.rows),
        "is_part": before is not None or bool(after),
    }


def find_titles(request: SignedInRequest, text: str, after: str) -> Page[TitleHit]:
    try:
        return own_search.search_titles(request.user, text, after=after)
    except InvalidCursorError:
        raise Http404 from None


def read_beginning(request: SignedInRequest) -> int | None:
    """The message below which the part begins."""
    text = request.GET.get("before", "")
    if not text:
        return None
    try:
        return read_id(text)
    except InvalidCursorError:
        raise Http404 from None

"""Search inside messages."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from chatsite.accounts.access import SignedInRequest
from chatsite.core.pagination import InvalidCursorError, Page, read_id
from conversations.review.audit.reason_views import with_reason
from conversations.review.audit.services import record_access
from conversations.review.identities import Identities, find_owner_pseudonym
from conversations.review.models import AccessEntry, Review
from conversations.review.permissions import READ, permitted, render_page
from conversations.review.search.forms import SearchForm
from conversations.review.search.results import MessageSearch, SearchHit, search_messages
from conversations.search.terms import parse_terms

BEFORE = "before"


@permitted(READ)
@with_reason
def show_search(request: SignedInRequest) -> HttpResponseBase:
    identities = Identities(request.user)
    form = SearchForm(request.GET if "q" in request.GET else None, identities)
    before = read_beginning(request)
    found = found_by(request, form, before) if form.is_valid() else None
    hits = found.rows if found else []
    identities.fetch(find_owner_pseudonym(hit.conversation) for hit in hits)
    return render_page(
        request,
        "review/search/search.html",
        title=_("Search messages"),
        model=Review,
        form=form,
        page=found,
        hits=[(hit, identities.name(find_owner_pseudonym(hit.conversation))) for hit in hits],
        is_first=before is None,
        newest=urlencode(asked_parameters(form)),
        older=urlencode(asked_parameters(form) | {BEFORE: found.next})
        if found and found.next
        else "",
    )


def found_by(request: SignedInRequest, form: SearchForm, before: int | None) -> Page[SearchHit]:
    """It is noted down before anything of it is shown."""
    data = form.cleaned_data
    wanted = MessageSearch(
        terms=parse_terms(data["q"]),
        person=data["user"],
        role=data["role"],
        since=data["since"],
        until=data["until"],
    )
    found = search_messages(request.user, wanted, before=before)
    details: dict[str, Any] = {"found": len(found.rows), "more": bool(found.next)}
    typed = {
        name: text for name, text in asked_parameters(form).items() if name not in ("q", "user")
    }
    if typed:
        details["filters"] = typed
    record_access(
        request,
        AccessEntry.Kind.SEARCH,
        subject=wanted.person,
        terms=data["q"],
        details=details,
        shown=[hit.conversation for hit in found.rows],
    )
    return found


def read_beginning(request: SignedInRequest) -> int | None:
    """The message below which the page begins."""
    text = request.GET.get(BEFORE, "")
    if not text:
        return None
    try:
        return read_id(text)
    except InvalidCursorError:
        raise Http404 from None


def asked_parameters(form: SearchForm) -> dict[str, str | int]:
    """What the URL of another page has to say, as it was typed."""
    return {name: form.data[name] for name in form.fields if form.data.get(name)}

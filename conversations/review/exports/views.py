"""Exports of the conversations that pass the queue's filters, and how far they are."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from chatsite.accounts.access import SignedInRequest
from conversations.review.audit import listings, reasons
from conversations.review.audit import services as access_log
from conversations.review.audit.reason_views import with_reason
from conversations.review.exports import services as exporting
from conversations.review.exports.selection import ExportSelection
from conversations.review.filters.choices import Choices
from conversations.review.filters.descriptions import describe_filters
from conversations.review.filters.filters import Filters
from conversations.review.identities import SEE, Identities
from conversations.review.models import AccessEntry, Export
from conversations.review.permissions import READ, ReviewRights, permitted, render_page
from conversations.review.queries import SEE_HOLDS, reviews_for

EXPORT = "review.export_conversations"
# How many conversations are counted before the button is pressed, and how many exports are listed.
COUNTED = 10_000
LISTED = 10
FILES = {
    Export.Format.MESSAGES: ("messages.jsonl", "application/x-ndjson"),
    Export.Format.WHOLE: ("whole.jsonl", "application/x-ndjson"),
    Export.Format.CSV: ("messages.csv", "text/csv"),
}


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"),
        choices=Export.Format.choices,
        initial=Export.Format.MESSAGES,
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(READ, EXPORT)
@with_reason
def handle_exports(request: SignedInRequest) -> HttpResponseBase:
    """Show the form; a POST starts the download, so that no link elsewhere can have it made."""
    filters = Filters.read(request.GET, Identities(request.user))
    reviews = filters.apply(reviews_for(request.user))
    if request.method != "POST":
        return render_form(request, ExportForm(), filters)
    form = ExportForm(request.POST)
    if not form.is_valid():
        return render_form(request, form, filters)
    selection = ExportSelection(reviews)
    if not selection:
        form.add_error(None, _("No conversation passes these filters. Change them in the queue."))
        return render_form(request, form, filters)
    return make_download(request, form, filters, selection)


def make_download(
    request: SignedInRequest, form: ExportForm, filters: Filters, selection: ExportSelection
) -> HttpResponseBase:
    chosen = Export.Format(form.cleaned_data["format"])
    details: dict[str, Any] = {"format": chosen.value, "total": len(selection)}
    if filters.chosen_without_names:
        details["filters"] = filters.chosen_without_names
    entry = access_log.record_access(
        request,
        AccessEntry.Kind.EXPORT,
        subject=selection.pseudonym,
        terms=listings.searched_words(filters),
        details=details,
    )
    export = exporting.create_export(
        reader=request.user,
        selection=selection,
        form=chosen,
        query=filters.query,
        reason=reasons.given_reason(request),
    )
    pieces = exporting.stream_export(
        export=export, selection=selection, reader=request.user, entry=entry
    )
    rights = ReviewRights(request, READ, EXPORT, SEE, SEE_HOLDS)
    chunks = exporting.track_export(export=export, chunks=rights.guard(pieces))
    name, kind = FILES[chosen]
    response = StreamingHttpResponse(chunks, content_type=f"{kind}; charset=utf-8")
    name = f"conversations-{timezone.localdate().isoformat()}-{name}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    # Nothing is to compress it once more, or to hold it back until it is whole.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"
    return response


def render_form(request: SignedInRequest, form: ExportForm, filters: Filters) -> HttpResponseBase:
    listings.record_title_search(request, filters)
    found = filters.apply(reviews_for(request.user)).order_by()
    count = found[: COUNTED + 1].count()
    return render_page(
        request,
        "review/exports/exports.html",
        title=gettext("Export conversations"),
        model=Export,
        form=form,
        query=filters.query,
        problems=filters.problems,
        conditions=describe_conditions(filters, Identities(request.user)),
        count=min(count, COUNTED),
        is_more=count > COUNTED,
        with_names=request.user.has_perm(SEE),
        status=422 if form.errors else 200,
        **make_list_context(request),
    )


@require_safe
@permitted(READ, EXPORT)
def show_progress(request: SignedInRequest) -> HttpResponseBase:
    """Show the list by itself, asked for again and again while one of them is under way."""
    return render(request, "review/exports/_exports.html", make_list_context(request))


def make_list_context(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's own, the latest first, each with the filters that it had."""
    latest = list(Export.objects.filter(started_by=request.user.pk)[:LISTED])
    queries = [QueryDict(export.query).dict() for export in latest]
    identities, choices = Identities(request.user), Choices()
    identities.fetch(query.get("user", "") for query in queries)
    filters = [Filters.read(query, identities, choices) for query in queries]
    return {
        "exports": list(
            zip(latest, [describe_conditions(each, identities) for each in filters], strict=True)
        ),
        "is_running": any(each.is_running for each in latest),
    }


def describe_conditions(filters: Filters, identities: Identities) -> list[str]:
    """Name the filters that are on, also those whose value is gone and which mean nothing now."""
    labels = [label for _name, label in describe_filters(filters, identities)]
    return [*labels, *(describe_missing_filter(filters.form, name) for name in filters.rest)]


def describe_missing_filter(form: forms.Form | None, name: str) -> str:
    if form is None or name not in form.fields:
        return gettext("a filter that is gone")
    return gettext("%(label)s: gone") % {"label": form.fields[name].label}

"""The access log: read by those who watch the watchers, exported, never changed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from chatsite.accounts.access import SignedInRequest
from conversations.review.audit import export, pages
from conversations.review.audit import services as access_log
from conversations.review.audit.filters import AccessLogFilterForm
from conversations.review.audit.reason_views import with_reason
from conversations.review.identities import SEE, Identities
from conversations.review.models import AccessEntry
from conversations.review.permissions import ReviewRights, permitted, render_page
from conversations.review.queries import reviews_for

VIEW = "review.view_accessentry"
EXPORT = "review.export_access_log"


@require_safe
@permitted(VIEW)
def access_log_page(request: SignedInRequest) -> HttpResponseBase:
    identities = Identities(request.user)
    form = AccessLogFilterForm(request.GET, identities)
    shown = pages.read_log_page(form.entries(), request.GET, identities)
    listed = pages.conversations_of(one, identities) if (one := form.wanted_entry) else []
    talks = {each.entry.conversation for each in shown.rows} - {None}
    talks |= {each.conversation for each in listed}
    return render_page(
        request,
        "review/audit/access_log.html",
        title=_("Access log"),
        model=AccessEntry,
        form=form,
        shown=shown,
        listed=listed,
        there=set(reviews_for(request.user).filter(pk__in=talks).values_list("pk", flat=True)),
        filters=filters_of(request),
        may_export=request.user.has_perm(EXPORT),
        status=200 if form.is_valid() else 422,
    )


@require_POST
@permitted(VIEW, EXPORT)
@with_reason
def export_log(request: SignedInRequest) -> HttpResponseBase:
    """A POST, so that no page elsewhere can have it made by a link or an image."""
    identities = Identities(request.user)
    form = AccessLogFilterForm(request.GET, identities)
    if not form.is_valid():
        return redirect(f"{reverse('admin:review_accessentry_changelist')}?{filters_of(request)}")
    # Those of this moment: without the row that notes the export down.
    entries = form.entries()
    newest = entries.order_by("-pk").values_list("pk", flat=True).first() or 0
    whose = form.cleaned_data["whose"]
    access_log.record_access(request, AccessEntry.Kind.LOG, subject=whose, details=form.choices())
    rows = export.as_csv(entries.filter(pk__lte=newest), identities)
    chunks = ReviewRights(request, VIEW, EXPORT, SEE).guard(rows)
    response = StreamingHttpResponse(chunks, content_type="text/csv")
    name = f"access-log-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name)
    # Nothing is to compress it once more, or to hold it back until it is whole.
    response["Content-Encoding"] = "identity"
    response["X-Accel-Buffering"] = "no"
    return response


def refuse_change(request: HttpRequest, **_ids: str) -> HttpResponseBase:
    """Nobody adds to the log by hand, changes it or deletes from it."""
    raise PermissionDenied


def filters_of(request: HttpRequest) -> str:
    """The URL's query without the page, and without what is empty."""
    query = request.GET.copy()
    for name in list(query):
        if name not in AccessLogFilterForm.base_fields or not query[name]:
            del query[name]
    return query.urlencode()

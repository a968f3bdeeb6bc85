"""The dashboard: what was used and how well it went, and the same numbers as files."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from chatsite.accounts.access import SignedInRequest
from chatsite.core.csv_files import rows_as_csv
from conversations.review.audit import services as access_log
from conversations.review.audit.reason_views import with_reason
from conversations.review.identities import Identities
from conversations.review.models import AccessEntry, SiteDay
from conversations.review.permissions import permitted, render_page
from conversations.review.stats import charts, columns, ranges, tables
from conversations.review.stats.ranges import DashboardForm, Selection
from conversations.review.stats.reports import breakdown, report_on
from conversations.review.stats.tables import Table

SEE = "review.view_siteday"
# What a file has of each day.
OF_DAYS = {"days": columns.CSV} | {chart.key: chart.columns for chart in charts.CHARTS}
BREAKDOWN = "breakdown"


@permitted(SEE)
def dashboard(request: SignedInRequest) -> HttpResponseBase:
    form = DashboardForm(request.GET)
    asked = form.selection
    report = report_on(asked.range)
    by_day = tables.of_days(report)
    lines = breakdown(asked.range, asked.by, asked.sort)
    return render_page(
        request,
        "review/stats/dashboard.html",
        title=_("Dashboard"),
        model=SiteDay,
        form=form,
        asked=asked,
        report=report,
        zone=ranges.zone(),
        tiles=tables.tiles(report),
        charts=[(chart, chart.gist(report)) for chart in charts.CHARTS],
        drawn=charts.drawn(report),
        by_day=by_day,
        total=by_day.row(_("In all"), report.total),
        parts=tables.of_breakdown(lines, asked.by, Identities(request.user), columns.TABLE),
    )


@permitted(SEE)
@with_reason
def download(request: SignedInRequest, what: str) -> HttpResponseBase:
    """As CSV: everything of each day, what one chart shows, or the breakdown."""
    form = DashboardForm(request.GET)
    if what not in {*OF_DAYS, BREAKDOWN} or not form.is_valid():
        raise Http404
    asked = form.selection
    details = {"what": what, "by": asked.by, "days": asked.range.length}
    access_log.record_access(request, AccessEntry.Kind.FIGURES, details=details)
    table = file_of(what, asked, Identities(request.user))
    begin, end = asked.range.ends
    return HttpResponse(
        b"".join(rows_as_csv(table.cells)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{what}-{begin}-{end}.csv"'},
    )


def file_of(what: str, asked: Selection, identities: Identities) -> Table:
    if what == BREAKDOWN:
        lines = breakdown(asked.range, asked.by, asked.sort)
        return tables.of_breakdown(lines, asked.by, identities, columns.CSV)
    return tables.of_days_in_file(report_on(asked.range), OF_DAYS[what])

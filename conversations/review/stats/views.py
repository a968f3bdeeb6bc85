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
from conversations.review.stats.ranges import DashboardForm, ReportSelection
from conversations.review.stats.reports import break_down, build_report
from conversations.review.stats.tables import StatsTable

SEE = "review.view_siteday"
# What a file has of each day.
OF_DAYS = {"days": columns.CSV} | {chart.key: chart.columns for chart in charts.CHARTS}
BREAKDOWN = "breakdown"


@permitted(SEE)
def show_dashboard(request: SignedInRequest) -> HttpResponseBase:
    form = DashboardForm(request.GET)
    asked = form.selection
    report = build_report(asked.range, asked.only)
    by_day = tables.build_day_table(report)
    lines = break_down(asked.range, asked.by, asked.sort, asked.only)
    return render_page(
        request,
        "review/stats/dashboard.html",
        title=_("Dashboard"),
        model=SiteDay,
        form=form,
        asked=asked,
        report=report,
        zone=ranges.get_time_zone(),
        tiles=tables.build_tiles(report),
        charts=[(chart, chart.summarize_report(report)) for chart in charts.CHARTS],
        chart_data=charts.build_chart_data(report),
        by_day=by_day,
        total=by_day.format_row(_("In all"), report.total),
        breakdown=tables.build_breakdown_table(
            lines, asked.by, Identities(request.user), columns.TABLE
        ),
    )


@permitted(SEE)
@with_reason
def download_csv(request: SignedInRequest, what: str) -> HttpResponseBase:
    """Send a CSV file: everything of each day, what one chart shows, or the breakdown."""
    form = DashboardForm(request.GET)
    if what not in {*OF_DAYS, BREAKDOWN} or not form.is_valid():
        raise Http404
    asked = form.selection
    details = {"what": what, "by": asked.by, "days": asked.range.length}
    if asked.only:
        details |= {"assistant": str(asked.only.assistant), "version": asked.only.version}
    access_log.record_access(request, AccessEntry.Kind.FIGURES, details=details)
    table = build_file(what, asked, Identities(request.user))
    begin, end = asked.range.ends
    return HttpResponse(
        b"".join(rows_as_csv(table.csv_rows)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{what}-{begin}-{end}.csv"'},
    )


def build_file(what: str, asked: ReportSelection, identities: Identities) -> StatsTable:
    if what == BREAKDOWN:
        lines = break_down(asked.range, asked.by, asked.sort, asked.only)
        return tables.build_breakdown_table(lines, asked.by, identities, columns.CSV)
    return tables.build_day_file(build_report(asked.range, asked.only), OF_DAYS[what])

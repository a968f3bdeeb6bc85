"""The charts of the dashboard: what each is drawn of, and what it says to who can't see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.review.stats import columns
from conversations.review.stats.columns import Column, format_stat
from conversations.review.stats.reports import Report


@dataclass(frozen=True)
class Chart:
    """A chart of bars, which are stacked, or of lines, which are not; its days are the report's."""

    key: str
    title: str | Promise
    kind: str
    columns: Sequence[Column]
    # What each is called beside the others.
    legend: Sequence[str | Promise] = ()
    # What is said of the whole range.
    summary_column: Column | None = None

    def build_data(self, report: Report) -> dict[str, Any]:
        return {
            "key": self.key,
            "kind": self.kind,
            "unit": self.columns[0].unit,
            "series": [
                {
                    "name": str(name),
                    "values": [round_value(column.value(day)) for day in report.days],
                }
                for name, column in zip(self.legend or [self.title], self.columns, strict=True)
            ],
        }

    def summarize_report(self, report: Report) -> str:
        """Return a sentence with the range, its total and its highest day."""
        column = self.summary_column or self.columns[0]
        highest = max(report.days, key=lambda day: column.value(day) or 0)
        return _("%(title)s by day, %(range)s: %(total)s in all, at most %(most)s, on %(day)s.") % {
            "title": self.title,
            "range": describe_range(report),
            "total": column.format_line(report.total),
            "most": format_stat(column.value(highest) or 0, column.unit),
            "day": date_format(highest.key, "j F Y"),
        }


CHARTS = (
    Chart("messages", columns.MESSAGES.name, "bar", [columns.MESSAGES]),
    Chart("users", columns.USERS.name, "bar", [columns.USERS]),
    Chart(
        "tokens",
        columns.TOKENS.name,
        "bar",
        [columns.READ, columns.WRITTEN],
        [gettext_lazy("read"), gettext_lazy("written")],
        columns.TOKENS,
    ),
    Chart("cost", columns.COST.name, "bar", [columns.COST]),
    Chart(
        "first-token",
        gettext_lazy("Time to first token"),
        "line",
        [columns.P50, columns.P95],
        [gettext_lazy("half within"), gettext_lazy("95 % within")],
    ),
    Chart("errors", gettext_lazy("Failed replies"), "line", [columns.ERROR_RATE]),
    Chart("feedback", columns.GOOD_SHARE.name, "line", [columns.GOOD_SHARE]),
)


def build_chart_data(report: Report) -> dict[str, Any]:
    """Return what the script that draws the charts needs."""
    return {
        "days": [date_format(day.key, "j M") for day in report.days],
        "titles": [date_format(day.key, "l, j F Y") for day in report.days],
        "charts": [chart.build_data(report) for chart in CHARTS],
    }


def round_value(value: Any) -> int | float | None:
    return value if value is None or isinstance(value, int) else round(float(value), 6)


def describe_range(report: Report) -> str:
    days = report.range
    return _("%(begin)s to %(end)s") % {
        "begin": date_format(days.begin, "j F Y"),
        "end": date_format(days.end, "j F Y"),
    }

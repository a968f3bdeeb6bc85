"""Stats as tables: on the page, and as CSV files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations.review.identities import Identities
from conversations.review.stats import columns
from conversations.review.stats.columns import Column, describe_change, format_stat, to_csv_value
from conversations.review.stats.ranges import By
from conversations.review.stats.report_lines import ReportLine
from conversations.review.stats.reports import Report

TILE_NAMES = {columns.P50: gettext_lazy("Time to first token")}

type TableRow = tuple[str, list[str]]


@dataclass(frozen=True)
class StatsTable:
    """A table whose `name` says what a line is of, and `key` what a file calls that."""

    key: str
    columns: Sequence[Column]
    lines: Sequence[ReportLine]
    name: Callable[[ReportLine], str]

    @property
    def rows(self) -> Iterator[TableRow]:
        return (self.format_row(self.name(line), line) for line in self.lines)

    def format_row(self, name: str, line: ReportLine) -> TableRow:
        return name, [column.format_line(line) for column in self.columns]

    @property
    def csv_rows(self) -> Iterator[list[Any]]:
        """Yield the headings, then each line."""
        yield [self.key, *(column.key for column in self.columns)]
        for line in self.lines:
            yield [self.name(line), *(to_csv_value(column.value(line)) for column in self.columns)]


@dataclass(frozen=True)
class Tile:
    name: str | Promise
    text: str
    change: str
    detail: str = ""


def build_day_table(report: Report) -> StatsTable:
    """Return a table of the days, the latest on top."""
    lines = report.days[::-1]
    return StatsTable("day", columns.TABLE, lines, lambda line: date_format(line.key, "j M Y"))


def build_day_file(report: Report, shown: Sequence[Column]) -> StatsTable:
    return StatsTable("day", shown, report.days, lambda line: line.key.isoformat())


def build_breakdown_table(
    lines: Sequence[ReportLine], by: By, identities: Identities, shown: Sequence[Column]
) -> StatsTable:
    if by == By.USER:
        identities.fetch(line.key for line in lines)
        shown = [column for column in shown if column is not columns.USERS]
        return StatsTable(
            by, shown, lines, lambda line: identities.name(line.key) or _("Erased users")
        )
    if by == By.ASSISTANT:
        return StatsTable(by, shown, lines, lambda line: line.key or _("Users’ own assistants"))
    return StatsTable(by, shown, lines, lambda line: line.key or "–")


def build_tiles(report: Report) -> list[Tile]:
    total = report.total.counters
    tokens = {
        "read": columns.format_tokens(total.prompt_tokens),
        "written": columns.format_tokens(total.completion_tokens),
    }
    failed = {"failed": total.failed, "replies": f"{total.replies:,}"}
    good = {"good": total.thumbs_up, "ratings": f"{total.feedback:,}"}
    replies = ngettext(
        "%(failed)s of %(replies)s reply", "%(failed)s of %(replies)s replies", total.replies
    )
    ratings = ngettext(
        "%(good)s of %(ratings)s rating", "%(good)s of %(ratings)s ratings", total.feedback
    )
    p95 = {"seconds": columns.P95.format_line(report.total)}
    return [
        build_tile(columns.MESSAGES, report),
        build_tile(columns.USERS, report),
        build_tile(
            columns.TOKENS,
            report,
            text=columns.format_tokens(total.tokens),
            detail=_("%(read)s read, %(written)s written") % tokens,
        ),
        build_tile(columns.COST, report),
        build_tile(columns.ERROR_RATE, report, detail=replies % failed),
        build_tile(columns.P50, report, detail=_("p50; p95 is %(seconds)s") % p95),
        build_tile(columns.GOOD_SHARE, report, detail=ratings % good),
    ]


def build_tile(column: Column, report: Report, *, text: str = "", detail: str = "") -> Tile:
    now, before = report.total, report.before
    text = text or format_stat(column.value(now), column.unit)
    return Tile(
        TILE_NAMES.get(column, column.name), text, describe_change(column, now, before), detail
    )

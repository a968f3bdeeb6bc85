"""Figures as tables: on the page, and as CSV files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations.review.identities import Identities
from conversations.review.stats import columns
from conversations.review.stats.columns import Column, change, in_words, plain
from conversations.review.stats.ranges import By
from conversations.review.stats.reports import Line, Report

TILE_NAMES = {columns.P50: gettext_lazy("Time to first token")}

type Row = tuple[str, list[str]]


@dataclass(frozen=True)
class Table:
    """`name` says what a line is of, and `key` what a file calls that."""

    key: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    name: Callable[[Line], str]

    @property
    def rows(self) -> Iterator[Row]:
        return (self.row(self.name(line), line) for line in self.lines)

    def row(self, name: str, line: Line) -> Row:
        return name, [column.text(line) for column in self.columns]

    @property
    def cells(self) -> Iterator[list[Any]]:
        """The headings, then each line."""
        yield [self.key, *(column.key for column in self.columns)]
        for line in self.lines:
            yield [self.name(line), *(plain(column.value(line)) for column in self.columns)]


@dataclass(frozen=True)
class Tile:
    name: str | Promise
    text: str
    change: str
    detail: str = ""


def of_days(report: Report) -> Table:
    """The latest on top."""
    lines = report.days[::-1]
    return Table("day", columns.TABLE, lines, lambda line: date_format(line.key, "j M Y"))


def of_days_in_file(report: Report, shown: Sequence[Column]) -> Table:
    return Table("day", shown, report.days, lambda line: line.key.isoformat())


def of_breakdown(
    lines: Sequence[Line], by: By, identities: Identities, shown: Sequence[Column]
) -> Table:
    if by == By.USER:
        identities.fetch(line.key for line in lines)
        shown = [column for column in shown if column is not columns.USERS]
        return Table(by, shown, lines, lambda line: identities.name(line.key) or _("Erased users"))
    return Table(by, shown, lines, lambda line: line.key or "–")


def tiles(report: Report) -> list[Tile]:
    total = report.total.amounts
    tokens = {
        "read": columns.brief(total.prompt_tokens),
        "written": columns.brief(total.completion_tokens),
    }
    failed = {"failed": total.failed, "replies": f"{total.replies:,}"}
    good = {"good": total.thumbs_up, "ratings": f"{total.feedback:,}"}
    replies = ngettext(
        "%(failed)s of %(replies)s reply", "%(failed)s of %(replies)s replies", total.replies
    )
    ratings = ngettext(
        "%(good)s of %(ratings)s rating", "%(good)s of %(ratings)s ratings", total.feedback
    )
    p95 = {"seconds": columns.P95.text(report.total)}
    return [
        tile(columns.MESSAGES, report),
        tile(columns.USERS, report),
        tile(
            columns.TOKENS,
            report,
            text=columns.brief(total.tokens),
            detail=_("%(read)s read, %(written)s written") % tokens,
        ),
        tile(columns.COST, report),
        tile(columns.ERROR_RATE, report, detail=replies % failed),
        tile(columns.P50, report, detail=_("p50; p95 is %(seconds)s") % p95),
        tile(columns.GOOD_SHARE, report, detail=ratings % good),
    ]


def tile(column: Column, report: Report, *, text: str = "", detail: str = "") -> Tile:
    now, before = report.total, report.before
    text = text or in_words(column.value(now), column.unit)
    return Tile(TILE_NAMES.get(column, column.name), text, change(column, now, before), detail)

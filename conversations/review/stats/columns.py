"""The columns of stats: what each is called, what is in it, and how that is written."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatsite.accounts.budgets.usage import format_count, format_dollars
from conversations.review.stats.report_lines import ReportLine

type Value = int | float | Decimal | None


class Unit(StrEnum):
    COUNT = "count"
    DOLLARS = "dollars"
    SHARE = "share"
    SECONDS = "seconds"


@dataclass(frozen=True)
class Column:
    """A column. A CSV file calls it `key`; its values there are plain numbers."""

    key: str
    name: str | Promise
    unit: Unit
    value: Callable[[ReportLine], Any]

    def format_line(self, line: ReportLine) -> str:
        return format_stat(self.value(line), self.unit)


@dataclass(frozen=True)
class FeedbackShareColumn(Column):
    """A share that says of how many, as they may be very few."""

    def format_line(self, line: ReportLine) -> str:
        text = super().format_line(line)
        given = line.counters.feedback
        return _("%(share)s of %(count)s") % {"share": text, "count": given} if given else text


def make_column(key: str, name: str | Promise, unit: Unit, attribute: str = "") -> Column:
    return Column(key, name, unit, attrgetter(f"counters.{attribute or key}"))


MESSAGES = make_column("messages", gettext_lazy("Messages"), Unit.COUNT)
USERS = Column("active_users", gettext_lazy("Active users"), Unit.COUNT, attrgetter("users"))
READ = make_column("prompt_tokens", gettext_lazy("Tokens read"), Unit.COUNT)
WRITTEN = make_column("completion_tokens", gettext_lazy("Tokens written"), Unit.COUNT)
TOKENS = make_column("tokens", gettext_lazy("Tokens"), Unit.COUNT)
COST = make_column("cost_usd", gettext_lazy("Cost"), Unit.DOLLARS)
REPLIES = make_column("replies", gettext_lazy("Replies"), Unit.COUNT)
FAILED = make_column("failed_replies", gettext_lazy("Failed replies"), Unit.COUNT, "failed")
STOPPED = make_column("stopped_replies", gettext_lazy("Stopped replies"), Unit.COUNT, "stopped")
ERROR_RATE = make_column("error_rate", gettext_lazy("Failed"), Unit.SHARE, "failed_share")
P50 = make_column("first_token_p50_seconds", gettext_lazy("First token, p50"), Unit.SECONDS, "p50")
P95 = make_column("first_token_p95_seconds", gettext_lazy("First token, p95"), Unit.SECONDS, "p95")
GOOD = make_column("thumbs_up", gettext_lazy("Good ratings"), Unit.COUNT)
BAD = make_column("thumbs_down", gettext_lazy("Bad ratings"), Unit.COUNT)
GOOD_SHARE = FeedbackShareColumn(
    "feedback_ratio", gettext_lazy("Good feedback"), Unit.SHARE, attrgetter("counters.good_share")
)

TABLE = (MESSAGES, USERS, READ, WRITTEN, COST, ERROR_RATE, P50, P95, GOOD_SHARE)
CSV = (
    *(MESSAGES, USERS, READ, WRITTEN, COST, REPLIES, FAILED, STOPPED, ERROR_RATE, P50, P95),
    *(GOOD, BAD, GOOD_SHARE),
)


def format_stat(value: Value, unit: Unit) -> str:
    if value is None:
        return "–"
    match unit:
        case Unit.DOLLARS:
            return format_dollars(Decimal(value))
        case Unit.SHARE:
            return format_share(float(value))
        case Unit.SECONDS:
            return _("%(seconds)s s") % {
                "seconds": f"{value:.2f}" if value < 10 else f"{value:.1f}"
            }
    return format_count(Decimal(value))


def format_tokens(tokens: int) -> str:
    """Return how many they are; millions to three digits."""
    return _("%(amount)s M") % {"amount": f"{tokens / 1e6:.3g}"} if tokens >= 1e6 else f"{tokens:,}"


def format_share(share: float) -> str:
    """Return a percentage, to a tenth where a whole one would say little."""
    amount = share * 100
    return f"{amount:.1f} %" if 0 < amount < 10 else f"{amount:.0f} %"


def to_csv_value(value: Value) -> Value | str:
    """Return a value as a CSV file has it; what makes no sense is an empty cell."""
    if value is None:
        return ""
    return round(value, 4) if isinstance(value, float) else value


def describe_change(column: Column, now: ReportLine, before: ReportLine) -> str:
    """Return "+12 %"; of shares, which are percent already, "+0.3 points"; "" where there was
    nothing to compare with.
    """
    value, earlier = column.value(now), column.value(before)
    if value is None or not earlier:
        return ""
    if column.unit == Unit.SHARE:
        points = (value - earlier) * 100
        return _("%(points)s points") % {"points": format_signed(points, 1)}
    return f"{format_signed((float(value) / float(earlier) - 1) * 100)} %"


def format_signed(amount: float, digits: int = 0) -> str:
    rounded = round(amount, digits)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):,.{digits}f}"

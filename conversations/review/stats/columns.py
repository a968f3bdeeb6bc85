"""The columns of figures: what each is called, what is in it, and how that is written."""

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
from conversations.review.stats.reports import Line

type Value = int | float | Decimal | None


class Unit(StrEnum):
    COUNT = "count"
    DOLLARS = "dollars"
    SHARE = "share"
    SECONDS = "seconds"


@dataclass(frozen=True)
class Column:
    """`key` is what a CSV file calls it; its values there are plain numbers."""

    key: str
    name: str | Promise
    unit: Unit
    value: Callable[[Line], Any]

    def text(self, line: Line) -> str:
        return in_words(self.value(line), self.unit)


@dataclass(frozen=True)
class ShareOfFeedback(Column):
    """Says of how many, as they may be very few."""

    def text(self, line: Line) -> str:
        text = super().text(line)
        given = line.amounts.feedback
        return _("%(share)s of %(count)s") % {"share": text, "count": given} if given else text


def of(key: str, name: str | Promise, unit: Unit, attribute: str = "") -> Column:
    return Column(key, name, unit, attrgetter(f"amounts.{attribute or key}"))


MESSAGES = of("messages", gettext_lazy("Messages"), Unit.COUNT)
USERS = Column("active_users", gettext_lazy("Active users"), Unit.COUNT, attrgetter("users"))
READ = of("prompt_tokens", gettext_lazy("Tokens read"), Unit.COUNT)
WRITTEN = of("completion_tokens", gettext_lazy("Tokens written"), Unit.COUNT)
TOKENS = of("tokens", gettext_lazy("Tokens"), Unit.COUNT)
COST = of("cost_usd", gettext_lazy("Cost"), Unit.DOLLARS)
REPLIES = of("replies", gettext_lazy("Replies"), Unit.COUNT)
FAILED = of("failed_replies", gettext_lazy("Failed replies"), Unit.COUNT, "failed")
STOPPED = of("stopped_replies", gettext_lazy("Stopped replies"), Unit.COUNT, "stopped")
ERROR_RATE = of("error_rate", gettext_lazy("Failed"), Unit.SHARE, "failed_share")
P50 = of("first_token_p50_seconds", gettext_lazy("First token, p50"), Unit.SECONDS, "p50")
P95 = of("first_token_p95_seconds", gettext_lazy("First token, p95"), Unit.SECONDS, "p95")
GOOD = of("thumbs_up", gettext_lazy("Good ratings"), Unit.COUNT)
BAD = of("thumbs_down", gettext_lazy("Bad ratings"), Unit.COUNT)
GOOD_SHARE = ShareOfFeedback(
    "feedback_ratio", gettext_lazy("Good feedback"), Unit.SHARE, attrgetter("amounts.good_share")
)

TABLE = (MESSAGES, USERS, READ, WRITTEN, COST, ERROR_RATE, P50, P95, GOOD_SHARE)
CSV = (
    *(MESSAGES, USERS, READ, WRITTEN, COST, REPLIES, FAILED, STOPPED, ERROR_RATE, P50, P95),
    *(GOOD, BAD, GOOD_SHARE),
)


def in_words(value: Value, unit: Unit) -> str:
    if value is None:
        return "–"
    match unit:
        case Unit.DOLLARS:
            return format_dollars(Decimal(value))
        case Unit.SHARE:
            return percent(float(value))
        case Unit.SECONDS:
            return _("%(seconds)s s") % {
                "seconds": f"{value:.2f}" if value < 10 else f"{value:.1f}"
            }
    return format_count(Decimal(value))


def brief(tokens: int) -> str:
    """Millions of them, to three figures."""
    return _("%(amount)s M") % {"amount": f"{tokens / 1e6:.3g}"} if tokens >= 1e6 else f"{tokens:,}"


def percent(share: float) -> str:
    """To a tenth where a format_count one would say little."""
    amount = share * 100
    return f"{amount:.1f} %" if 0 < amount < 10 else f"{amount:.0f} %"


def plain(value: Value) -> Value | str:
    """As a CSV file has it; what makes no sense is an empty cell."""
    if value is None:
        return ""
    return round(value, 4) if isinstance(value, float) else value


def change(column: Column, now: Line, before: Line) -> str:
    """ "+12 %"; of shares, which are percent already, "+0.3 points". Empty where there was nothing
    to compare with.
    """
    value, earlier = column.value(now), column.value(before)
    if value is None or not earlier:
        return ""
    if column.unit == Unit.SHARE:
        points = (value - earlier) * 100
        return _("%(points)s points") % {"points": signed(points, 1)}
    return f"{signed((float(value) / float(earlier) - 1) * 100)} %"


def signed(amount: float, digits: int = 0) -> str:
    rounded = round(amount, digits)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):,.{digits}f}"

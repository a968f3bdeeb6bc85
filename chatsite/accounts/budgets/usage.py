"""Report what a user has used: the last thirty days, today and this month, for their own page and
the administration's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.budgets.charts import BarChart, ChartBar
from chatsite.accounts.budgets.status import BudgetStatus, compute_budget_status, find_month_start
from chatsite.accounts.budgets.storage_use import StorageUse, measure_storage
from chatsite.accounts.models import UsageDay, User

DAYS_SHOWN = 30  # days


@dataclass(frozen=True)
class UsageTotal:
    messages: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal

    @classmethod
    def sum_days(cls, days: Iterable[UsageDay]) -> "UsageTotal":
        days = list(days)
        return cls(
            sum(day.messages for day in days),
            sum(day.prompt_tokens for day in days),
            sum(day.completion_tokens for day in days),
            sum((day.cost_usd for day in days), Decimal(0)),
        )

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True)
class UsageReport:
    budget_status: BudgetStatus
    # The last thirty, oldest first, also those on which nothing was used.
    days: Sequence[UsageDay]
    today: UsageTotal
    month: UsageTotal
    storage: StorageUse | None = None

    @property
    def table(self) -> list[UsageDay]:
        """The days on which something was used, the latest first."""
        return [day for day in reversed(self.days) if day.messages or day.tokens or day.cost_usd]

    @property
    def total(self) -> UsageTotal:
        return UsageTotal.sum_days(self.days)

    @property
    def tokens(self) -> BarChart:
        return build_chart(self.days, lambda day: Decimal(day.tokens), format_tokens, format_count)

    @property
    def cost(self) -> BarChart:
        return build_chart(
            self.days, lambda day: day.cost_usd, format_dollars, format_round_dollars
        )


def build_usage_report(user: User) -> UsageReport:
    """Build the report with three queries, of which one only where something is limited, and
    those that measure files.
    """
    today = timezone.localdate(timezone=user.zone)
    month = find_month_start(today)
    begin = today - timedelta(days=DAYS_SHOWN - 1)
    used = {row.day: row for row in user.usage.filter(day__gte=min(begin, month))}
    # A day that has begun only in another zone, where the user was before.
    end = max([today, *used])
    begin = end - timedelta(days=DAYS_SHOWN - 1)
    shown = (begin + timedelta(days=number) for number in range(DAYS_SHOWN))
    return UsageReport(
        budget_status=compute_budget_status(user),
        days=[used.get(day, UsageDay(day=day, cost_usd=Decimal(0))) for day in shown],
        today=UsageTotal.sum_days(row for day, row in used.items() if day >= today),
        month=UsageTotal.sum_days(row for day, row in used.items() if day >= month),
        storage=measure_storage(user),
    )


def build_chart(
    days: Sequence[UsageDay],
    amount: Callable[[UsageDay], Decimal],
    format_amount: Callable[[Decimal], str],
    format_scale: Callable[[Decimal], str],
) -> BarChart:
    bars = [
        ChartBar(amount(day), f"{format_day(day.day)}: {format_amount(amount(day))}")
        for day in days
    ]
    return BarChart(bars, format_scale)


def format_day(day: date) -> str:
    return date_format(day, "j F")


def format_count(amount: Decimal) -> str:
    return f"{amount:,.0f}"


def format_tokens(amount: Decimal) -> str:
    words = ngettext("%(count)s token", "%(count)s tokens", int(amount))
    return words % {"count": format_count(amount)}


def format_round_dollars(amount: Decimal) -> str:
    """Write a round number without decimals."""
    return f"${amount.normalize():,f}"


def format_dollars(amount: Decimal) -> str:
    """Write an amount to the cent; below a dollar, where replies cost far less than one, with two
    digits more.
    """
    if amount and amount < Decimal("0.0001"):
        return _("less than $0.0001")
    return f"${amount:,.2f}" if not amount or amount >= 1 else f"${amount:.4f}"

"""What somebody has used: the last thirty days, today and this month, for their own page and the
administration's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.budgets.charts import Bar, Chart
from chatsite.accounts.budgets.status import Standing, first_of_month, standing_of
from chatsite.accounts.models import UsageDay, User

SHOWN = 30  # days


@dataclass(frozen=True)
class Total:
    messages: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal

    @classmethod
    def of(cls, days: Iterable[UsageDay]) -> "Total":
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
class Report:
    standing: Standing
    # The last thirty, oldest first, also those on which nothing was used.
    days: Sequence[UsageDay]
    today: Total
    month: Total

    @property
    def table(self) -> list[UsageDay]:
        """The days on which something was used, the latest first."""
        return [day for day in reversed(self.days) if day.messages or day.tokens or day.cost_usd]

    @property
    def total(self) -> Total:
        return Total.of(self.days)

    @property
    def tokens(self) -> Chart:
        return chart(self.days, lambda day: Decimal(day.tokens), tokens_in_words, whole)

    @property
    def cost(self) -> Chart:
        return chart(self.days, lambda day: day.cost_usd, dollars, round_dollars)


def report_on(user: User) -> Report:
    """Three queries, of which one only where something is limited."""
    today = timezone.localdate(timezone=user.zone)
    month = first_of_month(today)
    begin = today - timedelta(days=SHOWN - 1)
    used = {row.day: row for row in user.usage.filter(day__gte=min(begin, month))}
    # A day that has begun only in another zone, where the user was before.
    end = max([today, *used])
    begin = end - timedelta(days=SHOWN - 1)
    shown = (begin + timedelta(days=number) for number in range(SHOWN))
    return Report(
        standing=standing_of(user),
        days=[used.get(day, UsageDay(day=day, cost_usd=Decimal(0))) for day in shown],
        today=Total.of(row for day, row in used.items() if day >= today),
        month=Total.of(row for day, row in used.items() if day >= month),
    )


def chart(
    days: Sequence[UsageDay],
    amount: Callable[[UsageDay], Decimal],
    in_words: Callable[[Decimal], str],
    on_scale: Callable[[Decimal], str],
) -> Chart:
    bars = [Bar(amount(day), f"{on_day(day.day)}: {in_words(amount(day))}") for day in days]
    return Chart(bars, on_scale)


def on_day(day: date) -> str:
    return date_format(day, "j F")


def whole(amount: Decimal) -> str:
    return f"{amount:,.0f}"


def tokens_in_words(amount: Decimal) -> str:
    words = ngettext("%(count)s token", "%(count)s tokens", int(amount))
    return words % {"count": whole(amount)}


def round_dollars(amount: Decimal) -> str:
    """Of numbers that are round."""
    return f"${amount.normalize():,f}"


def dollars(amount: Decimal) -> str:
    """To the cent; below a dollar, where replies cost far less than one, two digits more."""
    if amount and amount < Decimal("0.0001"):
        return _("less than $0.0001")
    return f"${amount:,.2f}" if not amount or amount >= 1 else f"${amount:.4f}"

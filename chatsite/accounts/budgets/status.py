"""Where a user stands: the limits that hold for them, what is used of these, and how to say so.

Days and months are those of the user's time zone. Whoever moves to another zone can't go back to a
day that is less used: what is noted for a later day counts as well.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group
from django.db.models import Exists, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.models import Limit, UsageDay, User
from chatsite.accounts.roles import Role
from chatsite.core.times import at_time

# From this share of a budget on, the composer says what is left.
NOTED_FROM = Decimal("0.8")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Limits:
    """The tightest of those that hold; None limits nothing."""

    messages_per_minute: int | None = None
    tokens_per_day: int | None = None
    usd_per_month: Decimal | None = None


@dataclass(frozen=True)
class Budget(ABC):
    """A number that is used up over a day or a month. `resets_at` is None where waiting won't
    help.
    """

    limit: Decimal
    used: Decimal
    today: date
    resets_at: datetime | None

    @property
    def share(self) -> Decimal:
        return self.used / self.limit if self.limit else Decimal(1)

    @property
    def percent(self) -> int:
        return min(int(self.share * 100), 100)

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.limit

    @property
    def sentence(self) -> str:
        """What is left, or that nothing is and when there will be."""
        if not self.limit:
            return _("Your budget is zero. Ask your administrator for more.")
        return self.words_used_up() if self.is_used_up else self.words_left()

    @property
    def reset(self) -> str:
        """ "tomorrow at 00:00" or "on 1 July at 00:00"."""
        if not self.resets_at:
            return ""
        return at_time(self.resets_at, self.today)

    @abstractmethod
    def words_used_up(self) -> str: ...

    @abstractmethod
    def words_left(self) -> str: ...


class TokensADay(Budget):
    def words_used_up(self) -> str:
        return _("You have used today’s %(limit)s tokens. They are available again %(reset)s.") % {
            "limit": f"{self.limit:,}",
            "reset": self.reset,
        }

    def words_left(self) -> str:
        return _("About %(left)s of today’s %(limit)s tokens are left.") % {
            "left": f"{rounded(int(self.limit - self.used)):,}",
            "limit": f"{self.limit:,}",
        }


class UsdAMonth(Budget):
    def words_used_up(self) -> str:
        return _("You have used this month’s $%(limit)s. They are available again %(reset)s.") % {
            "limit": f"{self.limit:,.2f}",
            "reset": self.reset,
        }

    def words_left(self) -> str:
        left = self.limit - self.used
        words = (
            _("Less than $0.01 of this month’s $%(limit)s is left.")
            if left < CENT
            else _("About $%(left)s of this month’s $%(limit)s is left.")
        )
        return words % {"left": f"{left // CENT * CENT:,.2f}", "limit": f"{self.limit:,.2f}"}


@dataclass(frozen=True)
class Standing:
    limits: Limits
    tokens: TokensADay | None = None
    usd: UsdAMonth | None = None

    @cached_property
    def budgets(self) -> list[Budget]:
        return [budget for budget in (self.tokens, self.usd) if budget]

    @property
    def used_up(self) -> Budget | None:
        return next((budget for budget in self.budgets if budget.is_used_up), None)

    @property
    def note(self) -> str:
        """What to say at the composer; nothing while there is plenty."""
        tightest = max(self.budgets, key=lambda budget: budget.share, default=None)
        return tightest.sentence if tightest and tightest.share >= NOTED_FROM else ""


def standing_of(user: User, now: datetime | None = None) -> Standing:
    """One query; a second one where something is limited that is used up over time."""
    limits = limits_of(user)
    if limits.tokens_per_day is None and limits.usd_per_month is None:
        return Standing(limits)
    today = timezone.localdate(now, user.zone)
    days = [today + timedelta(days=number) for number in range(4)]
    months = [first_of_month(today, number) for number in range(3)]
    rows = UsageDay.objects.filter(user=user).order_by()
    used = list(rows.filter(day__gte=today if limits.usd_per_month is None else months[0]))
    tokens = usd = None
    if limits.tokens_per_day is not None:
        spent = [(row.day, Decimal(row.tokens)) for row in used]
        tokens = reckoned(TokensADay, Decimal(limits.tokens_per_day), spent, days, today, user.zone)
    if limits.usd_per_month is not None:
        spent = [(row.day, row.cost_usd) for row in used]
        usd = reckoned(UsdAMonth, limits.usd_per_month, spent, months, today, user.zone)
    return Standing(limits, tokens, usd)


def limits_of(user: User) -> Limits:
    groups = Group.objects.filter(user=user)
    role: Q
    if user.is_superuser:
        role = Q(group__name=Role.ADMINISTRATOR.value)
    else:
        # Whoever was given no role is a user.
        has_role = Exists(groups.filter(name__in=Role.values))
        role = Q(~has_role, group__name=Role.USER.value)
    default = Q(user=None, group=None)
    held = Limit.objects.filter(Q(user=user) | Q(group__in=groups) | role | default)
    return Limits(**held.aggregate(**{field.name: Min(field.name) for field in fields(Limits)}))


def reckoned[B: Budget](
    kind: type[B],
    limit: Decimal,
    spent: Sequence[tuple[date, Decimal]],
    starts: Sequence[date],
    today: date,
    zone: ZoneInfo,
) -> B:
    """`starts` are the first days of this period and of those that follow."""

    def used_since(start: date) -> Decimal:
        return sum((amount for day, amount in spent if day >= start), Decimal(0))

    free = (start for start in starts[1:] if used_since(start) < limit)
    return kind(
        limit=limit,
        used=used_since(starts[0]),
        today=today,
        resets_at=beginning_of(next(free, starts[-1]), zone) if limit else None,
    )


def first_of_month(day: date, later: int = 0) -> date:
    """Of the month that `day` is in, or so many months later."""
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """Midnight; where clocks are put forward at midnight, the first moment there is."""
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)


def rounded(count: int) -> int:
    """Down to two figures: nobody reads more of "about"."""
    step: int = 10 ** max(len(str(count)) - 2, 0)
    return count // step * step

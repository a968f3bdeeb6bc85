"""Compute a user's budget status: the limits that hold for them, and what is used of these.

Days and months are those of the user's time zone. Whoever moves to another zone can't go back to a
day that is less used: what is counted on a later day counts as well.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.budgets.file_limits import UserFileLimits, combine_file_limits
from chatsite.accounts.models import UsageDay, User
from chatsite.accounts.roles import Role
from chatsite.core.times import at_time

# From this share of a budget on, the composer says what is left.
HINT_FROM_SHARE = Decimal("0.8")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class EffectiveLimits:
    """The tightest of those that hold; None limits nothing."""

    messages_per_minute: int | None = None
    tokens_per_day: int | None = None
    usd_per_month: Decimal | None = None
    files: UserFileLimits = field(default_factory=UserFileLimits)


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
        return self.describe_used_up() if self.is_used_up else self.describe_left()

    @property
    def reset(self) -> str:
        """ "tomorrow at 00:00" or "on 1 July at 00:00"."""
        if not self.resets_at:
            return ""
        return at_time(self.resets_at, self.today)

    @abstractmethod
    def describe_used_up(self) -> str: ...

    @abstractmethod
    def describe_left(self) -> str: ...


class TokensADay(Budget):
    def describe_used_up(self) -> str:
        return _("You have used today’s %(limit)s tokens. They are available again %(reset)s.") % {
            "limit": f"{self.limit:,}",
            "reset": self.reset,
        }

    def describe_left(self) -> str:
        return _("About %(left)s of today’s %(limit)s tokens are left.") % {
            "left": f"{round_down(int(self.limit - self.used)):,}",
            "limit": f"{self.limit:,}",
        }


class UsdAMonth(Budget):
    def describe_used_up(self) -> str:
        return _("You have used this month’s $%(limit)s. They are available again %(reset)s.") % {
            "limit": f"{self.limit:,.2f}",
            "reset": self.reset,
        }

    def describe_left(self) -> str:
        left = self.limit - self.used
        words = (
            _("Less than $0.01 of this month’s $%(limit)s is left.")
            if left < CENT
            else _("About $%(left)s of this month’s $%(limit)s is left.")
        )
        return words % {"left": f"{left // CENT * CENT:,.2f}", "limit": f"{self.limit:,.2f}"}


@dataclass(frozen=True)
class BudgetStatus:
    """A user's limits, and the budgets that follow from them."""

    limits: EffectiveLimits
    tokens: TokensADay | None = None
    usd: UsdAMonth | None = None

    @cached_property
    def budgets(self) -> list[Budget]:
        return [budget for budget in (self.tokens, self.usd) if budget]

    @property
    def used_up(self) -> Budget | None:
        return next((budget for budget in self.budgets if budget.is_used_up), None)

    @property
    def budget_hint(self) -> str:
        """What to say at the composer; nothing while there is plenty."""
        tightest = max(self.budgets, key=lambda budget: budget.share, default=None)
        return tightest.sentence if tightest and tightest.share >= HINT_FROM_SHARE else ""


ROLES = ", ".join(f"'{role}'" for role in Role.values)
# As text: each message asks it, and Django takes five times as long to write it as a database to
# answer. Who was given no role is a user.
HELD_LIMITS = f"""
SELECT
    messages_per_minute, tokens_per_day, usd_per_month, file_megabytes, stored_megabytes, file_kinds
FROM accounts_limit
WHERE user_id = %(user)s
    OR (user_id IS NULL AND group_id IS NULL)
    OR group_id IN (SELECT group_id FROM accounts_user_groups WHERE user_id = %(user)s)
    OR (
        group_id = (SELECT id FROM auth_group WHERE name = %(role)s)
        AND (%(is_certain)s OR NOT EXISTS (
            SELECT 1 FROM accounts_user_groups AS membership
            JOIN auth_group AS held ON held.id = membership.group_id
            WHERE membership.user_id = %(user)s AND held.name IN ({ROLES})
        ))
    )
"""  # noqa: S608 — the roles are ours


def compute_budget_status(user: User, now: datetime | None = None) -> BudgetStatus:
    """Compute it with one query, and a second one where there is a budget of a day or a month."""
    limits = compute_effective_limits(user)
    if limits.tokens_per_day is None and limits.usd_per_month is None:
        return BudgetStatus(limits)
    today = timezone.localdate(now, user.zone)
    days = [today + timedelta(days=number) for number in range(4)]
    months = [find_month_start(today, number) for number in range(3)]
    rows = UsageDay.objects.filter(user=user).order_by()
    used = list(rows.filter(day__gte=today if limits.usd_per_month is None else months[0]))
    tokens = usd = None
    if limits.tokens_per_day is not None:
        spent = [(row.day, Decimal(row.tokens)) for row in used]
        tokens = compute_budget(
            TokensADay, Decimal(limits.tokens_per_day), spent, days, today, user.zone
        )
    if limits.usd_per_month is not None:
        spent = [(row.day, row.cost_usd) for row in used]
        usd = compute_budget(UsdAMonth, limits.usd_per_month, spent, months, today, user.zone)
    return BudgetStatus(limits, tokens, usd)


def compute_effective_limits(user: User) -> EffectiveLimits:
    """Return the tightest of the user's own limits, those of their groups and the default."""
    is_administrator = user.is_superuser
    role = Role.ADMINISTRATOR if is_administrator else Role.USER
    parameters: dict[str, Any] = {
        "user": user.pk,
        "role": role.value,
        "is_certain": is_administrator,
    }
    with connection.cursor() as cursor:
        cursor.execute(HELD_LIMITS, parameters)
        held = cursor.fetchall()
    *columns, kinds = zip(*held, strict=True) if held else [()] * 6
    messages, tokens, usd, file_megabytes, stored_megabytes = map(find_least, columns)
    return EffectiveLimits(
        messages,
        tokens,
        None if usd is None else Decimal(str(usd)),
        combine_file_limits(file_megabytes, stored_megabytes, map(json.loads, filter(None, kinds))),
    )


def find_least(values: Sequence[Any]) -> Any:
    """Return the least of them; None where there is none."""
    return min((value for value in values if value is not None), default=None)


def compute_budget[B: Budget](
    kind: type[B],
    limit: Decimal,
    spent: Sequence[tuple[date, Decimal]],
    starts: Sequence[date],
    today: date,
    zone: ZoneInfo,
) -> B:
    """Return the budget of a period; `starts` are its first day and those of the next periods."""

    def used_since(start: date) -> Decimal:
        return sum((amount for day, amount in spent if day >= start), Decimal(0))

    free = (start for start in starts[1:] if used_since(start) < limit)
    return kind(
        limit=limit,
        used=used_since(starts[0]),
        today=today,
        resets_at=find_day_start(next(free, starts[-1]), zone) if limit else None,
    )


def find_month_start(day: date, later: int = 0) -> date:
    """Return the first day of the month that `day` is in, or of one so many months later."""
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def find_day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return midnight; where clocks are put forward at midnight, the first moment there is."""
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)


def round_down(count: int) -> int:
    """Round down to two figures: nobody reads more of "about"."""
    step: int = 10 ** max(len(str(count)) - 2, 0)
    return count // step * step

"""What the dashboard shows of a range of days.

Days and models are read from the site's own rows, which are few however many users there are;
users and groups are added up by the database.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from conversations.review.models import SiteDay, UserDay
from conversations.review.stats import histograms
from conversations.review.stats.counters import NUMBERS, Amounts
from conversations.review.stats.histograms import Grouping
from conversations.review.stats.ranges import By, Range, Sort

# Lines of a breakdown at most.
SHOWN = 50
SUMS = {f"sum_{name}": Sum(name) for name in NUMBERS} | {
    "sum_tokens": Sum(F("prompt_tokens") + F("completion_tokens"))
}
ACTIVE = Count("user", distinct=True)
ACTIVE_BY_MODEL = """
SELECT model, COUNT(*) FROM (
    SELECT DISTINCT model, user_id FROM review_userday
    WHERE day BETWEEN %s AND %s AND user_id IS NOT NULL
) AS active GROUP BY model
"""

type SiteRow = tuple[date, str, Amounts]


@dataclass(frozen=True)
class Line:
    """A line of a table. `key` is a day, a pseudonym or a name; "" are those who were erased."""

    key: Any
    amounts: Amounts
    # How many were active; None where that makes no sense.
    users: int | None


@dataclass(frozen=True)
class Report:
    range: Range
    # Every day of the range, oldest first.
    days: list[Line]
    total: Line
    # Of the range before.
    before: Line

    @property
    def is_empty(self) -> bool:
        return not (self.total.amounts.messages or self.total.amounts.replies)


def report_on(days: Range) -> Report:
    """Three queries."""
    by_day = summed(site_rows(days.before.begin, days.end), lambda row: row[0])
    active = active_by_day(days)
    there, before = active_in(days)
    return Report(
        range=days,
        days=[Line(day, by_day[day], active.get(day, 0)) for day in days.days],
        total=Line(None, Amounts.total(by_day[day] for day in days.days), there),
        before=Line(None, Amounts.total(by_day[day] for day in days.before.days), before),
    )


def breakdown(days: Range, by: By, sort: Sort) -> list[Line]:
    """The lines with the most on top, then by what gives no name away. Two queries."""
    return {By.MODEL: by_model, By.GROUP: by_group, By.USER: by_user}[by](days, sort)


def by_model(days: Range, sort: Sort) -> list[Line]:
    active = active_by_model(days)
    lines = [
        Line(model, amounts, active.get(model, 0))
        for model, amounts in summed(site_rows(*days.ends), lambda row: row[1]).items()
    ]
    return sorted(lines, key=lambda line: (-getattr(line.amounts, sort), line.key))[:SHOWN]


def by_user(days: Range, sort: Sort) -> list[Line]:
    return most(user_days(days), sort, histograms.USERS, "user__pseudonym", days)


def by_group(days: Range, sort: Sort) -> list[Line]:
    """Members are those of today; whoever is in two groups counts in both."""
    groups = Group.objects.exclude(name__in=Role.values)
    members = user_days(days).filter(user__groups__in=groups)
    name = "user__groups__name"
    return most(members, sort, histograms.GROUPS, name, days, users=ACTIVE)


def most(
    rows: QuerySet[UserDay], sort: Sort, grouping: Grouping, name: str, days: Range, **also: Count
) -> list[Line]:
    """Times are added up only of those that have the most, as that takes longest."""
    found = list(
        rows.values(grouping.path, name)
        .annotate(**SUMS, **also)
        .order_by(f"-sum_{sort}", name)[:SHOWN]
    )
    times = histograms.fetch(grouping, {row[grouping.path] for row in found}, days)
    lines = []
    for row in found:
        sums = {column: row[f"sum_{column}"] for column in NUMBERS}
        amounts = Amounts.of(sums | {"first_token": times[row[grouping.path]]})
        lines.append(Line(row[name] or "", amounts, row.get("users")))
    return lines


def site_rows(begin: date, end: date) -> list[SiteRow]:
    found = SiteDay.objects.filter(day__range=(begin, end))
    rows = found.values("day", "model", *NUMBERS, "first_token")
    return [(row["day"], row["model"], Amounts.of(row)) for row in rows]


def summed[K](rows: Iterable[SiteRow], key: Callable[[SiteRow], K]) -> defaultdict[K, Amounts]:
    sums: defaultdict[K, Amounts] = defaultdict(Amounts)
    for row in rows:
        sums[key(row)] += row[2]
    return sums


def user_days(days: Range) -> QuerySet[UserDay]:
    return UserDay.objects.filter(day__range=days.ends).order_by()


def active_by_day(days: Range) -> dict[date, int]:
    """From an index alone."""
    return dict(user_days(days).values_list("day").annotate(users=ACTIVE))


def active_by_model(days: Range) -> dict[str, int]:
    """From the same index. To count what is distinct already spares sorting it by model."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIVE_BY_MODEL, days.ends)
        return dict(cursor.fetchall())


def active_in(days: Range) -> tuple[int, int]:
    """In the range, and in the one before it. Whether each user has a day there is looked up,
    because their days are many more than they are.
    """
    there, before = (
        Count("pk", filter=Exists(user_days(each).filter(user=OuterRef("pk"))))
        for each in (days, days.before)
    )
    found = User.objects.aggregate(there=there, before=before)
    return found["there"], found["before"]

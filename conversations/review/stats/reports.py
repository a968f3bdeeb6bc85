"""What the dashboard shows of a range of days.

Days and models are read from the site's own rows, which are few however many users there are;
users and groups are added up by the database.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from conversations.review.models import SiteDay, UserDay
from conversations.review.stats import histograms
from conversations.review.stats.assistants import break_down_messages, read_figures
from conversations.review.stats.counters import NUMBERS, StatsCounters
from conversations.review.stats.histograms import Grouping
from conversations.review.stats.ranges import By, Narrowing, Range, Sort
from conversations.review.stats.report_lines import SHOWN, Figures, ReportLine

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

type SiteRow = tuple[date, str, StatsCounters]


@dataclass(frozen=True)
class Report:
    range: Range
    # Every day of the range, oldest first.
    days: list[ReportLine]
    total: ReportLine
    # Of the range before.
    before: ReportLine

    @property
    def is_empty(self) -> bool:
        return not (self.total.counters.messages or self.total.counters.replies)


def build_report(days: Range, only: Narrowing | None = None) -> Report:
    """Read the report of a range, in three queries; four for one assistant."""
    figures = read_figures(days, only) if only else read_site_figures(days)
    by_day, active = figures.by_day, figures.active_by_day
    before = StatsCounters.sum_up(by_day[day] for day in days.before.days)
    return Report(
        range=days,
        days=[ReportLine(day, by_day[day], active.get(day, 0)) for day in days.days],
        total=ReportLine(
            None, StatsCounters.sum_up(by_day[day] for day in days.days), figures.active
        ),
        before=ReportLine(None, before, figures.active_before),
    )


def read_site_figures(days: Range) -> Figures:
    there, before = count_active(days)
    return Figures(
        by_day=sum_rows(list_site_rows(days.before.begin, days.end), lambda row: row[0]),
        active_by_day=count_active_by_day(days),
        active=there,
        active_before=before,
    )


def break_down(days: Range, by: By, sort: Sort, only: Narrowing | None = None) -> list[ReportLine]:
    """Return the lines with the most on top, then by what gives no name away. Three queries."""
    if only or by == By.ASSISTANT:
        return put_most_first(break_down_messages(days, by, only), sort)
    if by == By.MODEL:
        return put_most_first(break_down_by_model(days), sort)
    return (break_down_by_group if by == By.GROUP else break_down_by_user)(days, sort)


def put_most_first(lines: list[ReportLine], sort: Sort) -> list[ReportLine]:
    return sorted(lines, key=lambda line: (-getattr(line.counters, sort), line.key))[:SHOWN]


def break_down_by_model(days: Range) -> list[ReportLine]:
    active = count_active_by_model(days)
    rows = sum_rows(list_site_rows(*days.ends), lambda row: row[1])
    return [ReportLine(model, counters, active.get(model, 0)) for model, counters in rows.items()]


def break_down_by_user(days: Range, sort: Sort) -> list[ReportLine]:
    return list_most(select_user_days(days), sort, histograms.USERS, "user__pseudonym", days)


def break_down_by_group(days: Range, sort: Sort) -> list[ReportLine]:
    """Return a line a group. Members are those of today; whoever is in two counts in both."""
    groups = Group.objects.exclude(name__in=Role.values)
    members = select_user_days(days).filter(user__groups__in=groups)
    name = "user__groups__name"
    return list_most(members, sort, histograms.GROUPS, name, days, users=ACTIVE)


def list_most(
    rows: QuerySet[UserDay], sort: Sort, grouping: Grouping, name: str, days: Range, **also: Count
) -> list[ReportLine]:
    """Return the lines that have the most. Times are added up of those alone: it takes longest."""
    found = list(
        rows.values(grouping.path, name)
        .annotate(**SUMS, **also)
        .order_by(f"-sum_{sort}", name)[:SHOWN]
    )
    times = histograms.fetch_histograms(grouping, {row[grouping.path] for row in found}, days)
    lines = []
    for row in found:
        sums = {column: row[f"sum_{column}"] for column in NUMBERS}
        counters = StatsCounters.from_row(sums | {"first_token": times[row[grouping.path]]})
        lines.append(ReportLine(row[name] or "", counters, row.get("users")))
    return lines


def list_site_rows(begin: date, end: date) -> list[SiteRow]:
    found = SiteDay.objects.filter(day__range=(begin, end))
    rows = found.values("day", "model", *NUMBERS, "first_token")
    return [(row["day"], row["model"], StatsCounters.from_row(row)) for row in rows]


def sum_rows[K](
    rows: Iterable[SiteRow], key: Callable[[SiteRow], K]
) -> defaultdict[K, StatsCounters]:
    sums: defaultdict[K, StatsCounters] = defaultdict(StatsCounters)
    for row in rows:
        sums[key(row)] += row[2]
    return sums


def select_user_days(days: Range) -> QuerySet[UserDay]:
    return UserDay.objects.filter(day__range=days.ends).order_by()


def count_active_by_day(days: Range) -> dict[date, int]:
    """Count the active users of each day, from an index alone."""
    return dict(select_user_days(days).values_list("day").annotate(users=ACTIVE))


def count_active_by_model(days: Range) -> dict[str, int]:
    """Count the active users of each model, from the same index. To count what is distinct already
    spares sorting it by model.
    """
    with connection.cursor() as cursor:
        cursor.execute(ACTIVE_BY_MODEL, days.ends)
        return dict(cursor.fetchall())


def count_active(days: Range) -> tuple[int, int]:
    """Count the active users in the range, and in the one before it. Whether each user has a day
    there is looked up, because their days are many more than they are.
    """
    there, before = (
        Count("pk", filter=Exists(select_user_days(each).filter(user=OuterRef("pk"))))
        for each in (days, days.before)
    )
    found = User.objects.aggregate(there=there, before=before)
    return found["there"], found["before"]

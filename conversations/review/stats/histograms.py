"""Histograms of users and groups, added up by the database, bucket by bucket."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from conversations.review.stats.ranges import Range

BUCKETS = {
    "postgresql": "CROSS JOIN LATERAL jsonb_each_text(days.first_token) AS buckets",
    "sqlite": "CROSS JOIN json_each(days.first_token) AS buckets",
}
ADDED = {"postgresql": "SUM(buckets.value::bigint)", "sqlite": "SUM(buckets.value)"}


@dataclass(frozen=True)
class Grouping:
    """What days are grouped by: its `path` in a query of days, and `column` in our own SQL."""

    path: str
    column: str
    join: str = ""


USERS = Grouping("user_id", "days.user_id")
GROUPS = Grouping(
    "user__groups",
    "memberships.group_id",
    "JOIN accounts_user_groups AS memberships ON memberships.user_id = days.user_id",
)


def fetch_histograms(
    grouping: Grouping, ids: Collection[int | None], days: Range
) -> dict[Any, Counter[str]]:
    """Return id → histogram; None is the id of those who were erased."""
    found: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    if ids:
        known = sorted(pk for pk in ids if pk is not None)
        with connection.cursor() as cursor:
            cursor.execute(build_statement(grouping, len(known), None in ids), [*days.ends, *known])
            for pk, bucket, replies in cursor.fetchall():
                found[pk][bucket] = int(replies)
    return found


def build_statement(grouping: Grouping, ids: int, erased: bool) -> str:
    vendor, column = connection.vendor, grouping.column
    which = f"{column} IN ({', '.join(['%s'] * ids)})" if ids else "1 = 0"
    if erased:
        which = f"({which} OR {column} IS NULL)"
    return (
        f"SELECT {column}, buckets.key, {ADDED[vendor]} FROM review_userday AS days"
        f" {grouping.join} {BUCKETS[vendor]}"
        f" WHERE days.day BETWEEN %s AND %s AND {which} GROUP BY {column}, buckets.key"
    )

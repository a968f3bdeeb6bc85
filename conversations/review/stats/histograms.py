"""Histograms that the database makes: those of users and groups added up, bucket by bucket, and of
replies which bucket each is in.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import FloatField, Func, IntegerField, Value
from django.db.models.functions import Cast, Floor, Greatest, Least, Ln

from conversations.review.stats import latency
from conversations.review.stats.ranges import Range

BUCKETS = {
    "postgresql": "CROSS JOIN LATERAL jsonb_each_text(days.first_token) AS buckets",
    "sqlite": "CROSS JOIN json_each(days.first_token) AS buckets",
}
ADDED = {"postgresql": "SUM(buckets.value::bigint)", "sqlite": "SUM(buckets.value)"}


class Seconds(Func):
    """The seconds from its second moment to its first; on SQLite to a millisecond."""

    output_field = FloatField()
    arg_joiner = " - "
    template = "EXTRACT(EPOCH FROM %(expressions)s)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            arg_joiner=") - JULIANDAY(",
            template="((JULIANDAY(%(expressions)s)) * 86400)",
            **context,
        )


# As latency.find_bucket: in which bucket a reply's first words are.
FIRST_TOKEN_BUCKET = Cast(
    Least(
        Floor(
            Ln(Greatest(Seconds("first_token_at", "started_at") / latency.LEAST, Value(1.0)))
            / math.log(latency.WIDTH)
        ),
        Value(float(latency.LAST)),
    ),
    IntegerField(),
)


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

"""What was used of each assistant, by version: added up of the messages themselves, since the rows
of stats know of none. So it is what conversations have now, without what was deleted since.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from conversations.models import AssistantVersion
from conversations.review.stats.counters import NUMBERS, StatsCounters
from conversations.review.stats.ranges import Range, Sort, get_time_zone
from conversations.review.stats.report_lines import SHOWN, ReportLine

# CROSS JOIN: SQLite keeps to its order, and would read all messages in the other. Copies were
# counted where they are from. What isn't shared is one line, of a version that is null.
SUMS = """
SELECT
    CASE WHEN assistant.is_for_all OR EXISTS (
        SELECT 1 FROM conversations_assistant_groups shared
        WHERE shared.assistant_id = assistant.id
    ) THEN talk.assistant_version_id END AS version,
    COUNT(DISTINCT talk.owner_id) AS users,
    SUM(CASE WHEN message.role = 'user' THEN 1 ELSE 0 END) AS messages,
    SUM(CASE WHEN message.role = 'assistant' AND NOT message.is_edited
        AND message.status NOT IN ('pending', 'streaming') THEN 1 ELSE 0 END) AS replies,
    SUM(CASE WHEN message.status = 'failed' THEN 1 ELSE 0 END) AS failed,
    SUM(CASE WHEN message.status IN ('stopped', 'interrupted') THEN 1 ELSE 0 END) AS stopped,
    SUM(message.prompt_tokens) AS prompt_tokens,
    SUM(message.completion_tokens) AS completion_tokens,
    SUM(message.cost_usd) AS cost_usd,
    SUM(CASE WHEN feedback.rating = 'up' THEN 1 ELSE 0 END) AS thumbs_up,
    SUM(CASE WHEN feedback.rating = 'down' THEN 1 ELSE 0 END) AS thumbs_down
FROM conversations_conversation talk
CROSS JOIN conversations_message message
JOIN conversations_assistant assistant ON assistant.id = talk.assistant_id
LEFT JOIN conversations_feedback feedback ON feedback.message_id = message.id
WHERE talk.assistant_id IS NOT NULL AND talk.last_activity_at >= %s
    AND message.conversation_id = talk.id
    AND message.created_at >= %s AND message.created_at < %s
    AND message.copied_from IS NULL
GROUP BY version
"""


def break_down_by_assistant(days: Range, sort: Sort) -> list[ReportLine]:
    """Return a line a version of what is shared, and one for all that users have for themselves,
    with "" for a name.
    """
    found = fetch_sums(days)
    versions = AssistantVersion.objects.in_bulk(
        [row["version"] for row in found if row["version"] is not None]
    )
    lines = [make_line(row, versions.get(row["version"])) for row in found]
    return sorted(lines, key=lambda line: (-getattr(line.counters, sort), line.key))[:SHOWN]


def fetch_sums(days: Range) -> list[dict[str, Any]]:
    begin, end = (
        connection.ops.adapt_datetimefield_value(datetime.combine(day, time(), get_time_zone()))
        for day in (days.begin, days.end + timedelta(days=1))
    )
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [begin, begin, end])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def make_line(row: Mapping[str, Any], version: AssistantVersion | None) -> ReportLine:
    numbers = {name: row[name] for name in NUMBERS}
    numbers["cost_usd"] = Decimal(str(row["cost_usd"] or 0))
    name = f"{version.name} · {version.number}" if version else ""
    return ReportLine(name, StatsCounters.from_row(numbers), row["users"])

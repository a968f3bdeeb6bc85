"""Moments that a wrong clock has written: a host whose clock was ahead leaves rows from the future.

"Less than a minute ago" is true of these until the future comes, a year long. Whatever is limited,
waited for or remembered for a while asks here instead: what lies as far ahead as it may lie back is
not recent, whoever wrote it.
"""

from datetime import datetime, timedelta


def around(now: datetime, span: timedelta) -> tuple[datetime, datetime]:
    """Return the ends of what counts as recent, for a `__range` of a query."""
    return now - span, now + span


def is_recent(moment: datetime, now: datetime, span: timedelta) -> bool:
    return abs(now - moment) < span

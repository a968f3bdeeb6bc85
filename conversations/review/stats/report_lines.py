"""A line of a table of stats, and what the lines of a report are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from conversations.review.stats.counters import StatsCounters

# Lines of a breakdown at most.
SHOWN = 50


@dataclass(frozen=True)
class ReportLine:
    """A line of a table. `key` is a day, a pseudonym or a name; "" are those who were erased."""

    key: Any
    counters: StatsCounters
    # How many were active; None where that makes no sense.
    users: int | None


@dataclass(frozen=True)
class Figures:
    """Of a range of days and the range before it."""

    # Without gaps: of a day without any they are zero.
    by_day: Mapping[date, StatsCounters]
    active_by_day: Mapping[date, int]
    # Active users in the range, and in the one before it.
    active: int
    active_before: int

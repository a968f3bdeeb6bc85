"""A line of a table of stats."""

from dataclasses import dataclass
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

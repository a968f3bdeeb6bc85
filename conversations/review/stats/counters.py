"""What is added up: of a day, a user, a model, a range of days."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from conversations.models import Message
from conversations.outbox.batches import AddedUsage, MessageEnding
from conversations.outbox.models import Change
from conversations.review.stats import latency

# The columns of a row of stats, but for the histogram.
NUMBERS = (
    *("messages", "replies", "failed", "stopped", "prompt_tokens", "completion_tokens"),
    *("cost_usd", "thumbs_up", "thumbs_down"),
)


@dataclass
class StatsCounters:
    """What is added up, named as the columns. A ratio of nothing is None."""

    messages: int = 0
    replies: int = 0
    failed: int = 0
    stopped: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal = Decimal(0)
    thumbs_up: int = 0
    thumbs_down: int = 0
    first_token: Counter[str] = field(default_factory=Counter)

    @classmethod
    def sum_up(cls, counters: Iterable["StatsCounters"]) -> "StatsCounters":
        total = cls()
        for each in counters:
            total += each
        return total

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "StatsCounters":
        """Make counters of a row of a query: sums of nothing are None, times may be missing."""
        histogram = row.get("first_token") or {}
        numbers: dict[str, Any] = {name: row[name] or 0 for name in NUMBERS}
        return cls(**numbers, first_token=Counter(histogram))

    def __iadd__(self, other: "StatsCounters") -> Self:
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.first_token.update(other.first_token)
        return self

    def add_ending(self, ending: MessageEnding) -> None:
        """Count a message that has finished, but for its usage; one that its owner has edited is
        no reply of the model's. A reply counts once, by how it ended last: while it is continued,
        its earlier ending is taken back.
        """
        message = ending.message
        if message.is_edited:
            return
        if message.is_user:
            self.messages += 1
            return
        count = -1 if ending.is_taken_back else 1
        status = ending.status or message.status
        self.replies += count
        self.failed += count * (status == Message.Status.FAILED)
        self.stopped += count * (status in Message.ENDED_EARLY)
        if ending.kind == Change.Kind.FINISHED:
            self.add_first_token(message)

    def add_first_token(self, reply: Message) -> None:
        """Count how long the first request took to answer; one that continues is no first."""
        seconds = latency.measure_first_token(reply)
        if seconds is not None:
            self.first_token[latency.find_bucket(seconds)] += 1

    def add_usage(self, added: AddedUsage) -> None:
        self.prompt_tokens += added.prompt_tokens
        self.completion_tokens += added.completion_tokens
        self.cost_usd += added.cost_usd

    def list_values(self) -> list[Any]:
        """Return the values in the order of the columns, as the database takes them."""
        return [*(getattr(self, name) for name in NUMBERS), json.dumps(self.first_token)]

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    @property
    def feedback(self) -> int:
        return self.thumbs_up + self.thumbs_down

    @property
    def good_share(self) -> float | None:
        """The share of good ratings in the feedback that was given."""
        return compute_share(self.thumbs_up, self.feedback)

    @property
    def failed_share(self) -> float | None:
        return compute_share(self.failed, self.replies)

    @property
    def p50(self) -> float | None:
        return latency.compute_quantile(self.first_token, 0.5)

    @property
    def p95(self) -> float | None:
        return latency.compute_quantile(self.first_token, 0.95)


def compute_share(part: int, whole: int) -> float | None:
    return part / whole if whole else None

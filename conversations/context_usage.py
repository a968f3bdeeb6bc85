"""How full a conversation's context is: about what the model would be sent of it next, of what it
may be sent, and what that would cost.

Worked out from the end of the shown branch, up to the last reply whose prompt was counted: no more
messages are read for it than a page shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from conversations.attachments.queries import load_files
from conversations.content import count_tokens, estimate_tokens, is_sendable
from conversations.model_api import Prices
from conversations.models import Message
from conversations.prompt_counts import ALL_COUNTS, PromptCounts


@dataclass(frozen=True)
class ContextUsage:
    used: int
    budget: int

    @property
    def percent(self) -> int:
        """Of the budget; never 0, as there is something, and full is full."""
        return min(max(round(100 * self.used / self.budget), 1), 100)


def measure_context(
    messages: Sequence[Message],
    *,
    system_prompt: str,
    budget: int,
    counts: PromptCounts = ALL_COUNTS,
) -> ContextUsage | None:
    """Return what the branch that ends with these messages takes; None where they don't tell."""
    used = 0
    load_files(takewhile(lambda message: not counts.has(message), reversed(messages)))
    for message in reversed(messages):
        if is_sendable(message):
            used += count_tokens(message)
        if counts.has(message):
            return ContextUsage(used + (message.prompt_tokens or 0), budget)
    if messages and messages[0].parent_id is None:
        return ContextUsage(used + estimate_tokens(system_prompt), budget)
    return None


def estimate_next_cost(
    usage: ContextUsage, messages: Sequence[Message], prices: Prices
) -> Decimal | None:
    """Return about what the next message costs, if it is answered like the last and the cache
    serves as much; None where there is no price, or no reply to go by.
    """
    counted = (message for message in reversed(messages) if message.completion_tokens)
    last = next(counted, None)
    if last is None:
        return None
    cost = prices.cost(
        prompt=min(usage.used, usage.budget),
        cached=min(last.cached_tokens or 0, usage.used),
        completion=last.completion_tokens or 0,
    )
    return cost or None

"""What a reply used: told by the provider or else estimated, saved with the reply, and counted once
against its owner's budget – also when the conversation is gone by then.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from chatsite.accounts.budgets.services import UsageCounter
from conversations.content import estimate_tokens
from conversations.model_api import ChatMessage, Prices, Usage
from conversations.models import Message

# What the column holds; day by day is added up what the rows say.
EXACT = Decimal("0.00000001")
LARGEST = Decimal(9_999)

# What the reader of a reply sees of it.
WORDS = ("text", "reasoning", "html", "html_version")


@dataclass(frozen=True)
class Spent:
    """Named as the fields of a message."""

    prompt_tokens: int
    cached_tokens: int | None
    completion_tokens: int
    cost_usd: Decimal
    usage_estimated: bool


def read_prices() -> Prices:
    return Prices(
        input=settings.PRICE_INPUT,
        cached_input=settings.PRICE_CACHED_INPUT,
        output=settings.PRICE_OUTPUT,
    )


def price_reported_usage(usage: Usage) -> Spent:
    cost = usage.cost_usd
    if cost is None:
        cost = read_prices().cost(
            prompt=usage.prompt_tokens,
            cached=usage.cached_tokens,
            completion=usage.completion_tokens,
        )
    return Spent(
        usage.prompt_tokens,
        usage.cached_tokens,
        usage.completion_tokens,
        min(cost, LARGEST).quantize(EXACT),
        usage_estimated=False,
    )


def estimate_usage(sent: Sequence[ChatMessage], text: str) -> Spent:
    prompt = sum(estimate_tokens(message["content"]) for message in sent)
    completion = estimate_tokens(text) if text else 0
    cost = read_prices().cost(prompt=prompt, cached=0, completion=completion)
    return Spent(prompt, None, completion, cost.quantize(EXACT), usage_estimated=True)


def end_reply(
    pk: int,
    owner_id: int | None,
    values: dict[str, Any],
    spent: Spent | None,
    *,
    writer: str = "",
) -> None:
    """Saves how a running reply ended, and what it took, all or nothing.

    `writer`: the boot id of whoever wrote it, who knows more than others who called it interrupted.
    """
    with transaction.atomic():
        # The owner first, as whoever sends or deletes does: neither waits for the other in vain.
        # Taken from its owner while it was being written, it is on nobody's budget.
        counter = None
        if spent and owner_id is not None:
            counter = UsageCounter.lock(owner_id)
        taken = asdict(spent) if spent else {}
        running = Message.objects.filter(pk=pk, status__in=Message.RUNNING)
        is_counted = bool(running.update(**values, **taken))
        if not is_counted and writer:
            called_interrupted = Message.objects.filter(
                pk=pk, writer=writer, status=Message.Status.INTERRUPTED
            )
            # The words that others didn't know; they were right that it was interrupted.
            words = {name: values[name] for name in WORDS if name in values}
            called_interrupted.update(**{"html_version": 0} | words)
        if spent and counter and (is_counted or is_uncounted(pk, spent)):
            counter.add_usage(
                prompt_tokens=spent.prompt_tokens,
                completion_tokens=spent.completion_tokens,
                cost_usd=spent.cost_usd,
            )


def is_uncounted(pk: int, spent: Spent) -> bool:
    """Of a reply that doesn't run any more: it was deleted, or ended by somebody who didn't know
    what it took, which it is told now.
    """
    message = Message.objects.filter(pk=pk)
    return bool(message.filter(prompt_tokens=None).update(**asdict(spent))) or not message.exists()

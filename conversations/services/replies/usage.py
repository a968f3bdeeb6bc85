"""What a reply used: told by the provider or else estimated, saved with the reply, and counted once
against its owner's budget – also when the conversation is gone by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Q

from chatsite.accounts.budgets.services import UsageCounter
from chatsite.core.prepared import PreparedQuery, Slot
from conversations.content import count_sent_tokens, estimate_tokens
from conversations.model_api import ChatMessage, Prices, Usage
from conversations.models import Message
from conversations.services.change_feed import publish_change

# What the column holds; day by day is added up what the rows say.
EXACT = Decimal("0.00000001")
LARGEST = Decimal(9_999)
LARGEST_COUNT = 2**31 - 1

# Asked at the end of each reply.
TAKEN = PreparedQuery(
    lambda: (
        Message.objects.select_for_update()
        .filter(pk=Slot("pk", BigIntegerField()))
        .order_by()
        .only("prompt_tokens", "cached_tokens", "completion_tokens", "cost_usd", "usage_estimated")
    )
)
MARK_UNSEEN = """
UPDATE conversations_conversation SET has_unseen_reply = %s
WHERE id = (SELECT conversation_id FROM conversations_message WHERE id = %s)
"""

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


def price_reported_usage(usage: Usage, prices: Prices) -> Spent:
    cost = usage.cost_usd
    if cost is None:
        cost = prices.cost(
            prompt=usage.prompt_tokens,
            cached=usage.cached_tokens,
            completion=usage.completion_tokens,
        )
    return Spent(
        usage.prompt_tokens,
        usage.cached_tokens,
        usage.completion_tokens,
        limit_cost(cost),
        usage_estimated=False,
    )


def limit_cost(cost: Decimal) -> Decimal:
    return min(cost, LARGEST).quantize(EXACT)


def estimate_usage(sent: Sequence[ChatMessage], text: str, prices: Prices) -> Spent:
    prompt = sum(map(count_sent_tokens, sent))
    completion = estimate_tokens(text) if text else 0
    cost = prices.cost(prompt=prompt, cached=0, completion=completion)
    return Spent(prompt, None, completion, limit_cost(cost), usage_estimated=True)


def measure_usage(
    reported: Usage | None,
    sent: Sequence[ChatMessage],
    words: str,
    *,
    prices: Prices,
    is_charged: bool,
) -> Spent | None:
    """What is reported, else an estimate. `is_charged`: also where nothing came."""
    if reported and (reported.prompt_tokens or reported.completion_tokens):
        return price_reported_usage(reported, prices)
    return estimate_usage(sent, words, prices) if words or is_charged else None


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
        taken = compute_total(pk, spent) if spent else {}
        running = Message.objects.filter(pk=pk, status__in=Message.RUNNING)
        is_counted = bool(running.update(**values, **taken))
        if not is_counted and writer:
            called_interrupted = Message.objects.filter(
                pk=pk, writer=writer, status=Message.Status.INTERRUPTED
            )
            # The words that others didn't know; they were right that it was interrupted.
            words = {name: values[name] for name in WORDS if name in values}
            called_interrupted.update(**{"html_version": 0} | words)
        if is_counted and values["status"] != Message.Status.STOPPED:
            mark_unseen(pk)
        publish_change(owner_id, is_list=False)
        if spent and counter and (is_counted or is_uncounted(pk, taken)):
            counter.add_usage(
                prompt_tokens=spent.prompt_tokens,
                completion_tokens=spent.completion_tokens,
                cost_usd=spent.cost_usd,
            )


def mark_unseen(pk: int) -> None:
    """Say of a reply's conversation that no page has shown how it ended; one that does takes that
    back.
    """
    with connection.cursor() as cursor:
        cursor.execute(MARK_UNSEEN, [True, pk])


def compute_total(pk: int, spent: Spent) -> dict[str, Any]:
    """Return what a message has taken with this: a reply that was continued, more than once. Locks
    the message.
    """
    before = TAKEN.find(pk=pk) or Message()
    cached = (before.cached_tokens, spent.cached_tokens)
    return {
        "prompt_tokens": add_tokens(before.prompt_tokens, spent.prompt_tokens),
        "cached_tokens": None if cached == (None, None) else add_tokens(*cached),
        "completion_tokens": add_tokens(before.completion_tokens, spent.completion_tokens),
        "cost_usd": min((before.cost_usd or Decimal(0)) + spent.cost_usd, LARGEST),
        "usage_estimated": before.usage_estimated or spent.usage_estimated,
    }


def add_tokens(before: int | None, added: int | None) -> int:
    return min((before or 0) + (added or 0), LARGEST_COUNT)


def is_uncounted(pk: int, taken: dict[str, Any]) -> bool:
    """Of a reply that doesn't run any more: it was deleted, or ended by somebody who didn't know
    what it took, which it is told now.
    """
    message = Message.objects.filter(pk=pk)
    unknown = Q(prompt_tokens=None) | Q(prompt_tokens=F("base_prompt_tokens"))
    return bool(message.filter(unknown).update(**taken)) or not message.exists()

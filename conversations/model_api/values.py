"""The values a caller passes to the model's API and gets back from it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypedDict

from conversations.model_api.parts import Content

MILLION = Decimal(1_000_000)
LARGEST_COUNT = 2**31 - 1


class ChatMessage(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: Content


@dataclass(frozen=True)
class Timeouts:
    """How long a call may wait, in seconds.

    `connect` is for each address tried, `first_byte` from the request to the first words of the
    response, `silence` from words to words, `linger` from the last words to the end of the stream
    once it has said how the reply ended, `whole` for the call from start to end, retries and all.
    """

    connect: float = 5.0
    first_byte: float = 60.0
    silence: float = 60.0
    linger: float = 2.0
    whole: float = 600.0


@dataclass(frozen=True)
class Prices:
    """USD per million tokens. The defaults are OpenAI's list prices for gpt-4.1-mini."""

    input: Decimal = Decimal("0.40")
    cached_input: Decimal = Decimal("0.10")
    output: Decimal = Decimal("1.60")

    def cost(self, *, prompt: int, cached: int, completion: int) -> Decimal:
        """Compute USD for one reply; `cached` tokens are part of `prompt`."""
        fresh = max(prompt - cached, 0)
        total = fresh * self.input + cached * self.cached_input + completion * self.output
        return total / MILLION


@dataclass(frozen=True)
class Usage:
    """What a reply took. `cost_usd` is the provider's own figure where it gave one, else computed
    from `Prices`, else None. `cached_tokens` are part of `prompt_tokens`."""

    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    cost_usd: Decimal | None

    @classmethod
    def reported(
        cls, usage: dict[str, Any], *, spent: Decimal | None, prices: Prices | None
    ) -> "Usage":
        """Read the API's `usage` object, whatever of it is there."""
        details = usage.get("prompt_tokens_details")
        prompt = _count(usage.get("prompt_tokens"))
        cached = _count(details.get("cached_tokens")) if isinstance(details, dict) else 0
        completion = _count(usage.get("completion_tokens"))
        if spent is None and prices is not None:
            spent = prices.cost(prompt=prompt, cached=cached, completion=completion)
        return cls(prompt, cached, completion, spent)


def parse_usd(value: object) -> Decimal | None:
    """Read an amount that the API reports as a JSON number or as text; None for neither."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
    except ArithmeticError:
        return None
    return amount if amount.is_finite() and amount >= 0 else None


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return min(max(value, 0), LARGEST_COUNT)

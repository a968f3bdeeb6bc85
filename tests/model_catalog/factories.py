"""Models of the catalog for tests to choose from."""

from decimal import Decimal
from typing import Any

from conversations.models import ChatModel

# What the tests' conversations have, beside those that a test adds.
SITE = "test-model"
QUICK = "offline/quick"
THOROUGH = "offline/thorough"


def add_model(identifier: str, label: str = "", **fields: Any) -> ChatModel:
    """A model that everybody may use, below those that are there."""
    usual = {"is_for_all": True, "position": ChatModel.objects.count() + 1}
    values = {"identifier": identifier, "label": label or identifier} | usual | fields
    return ChatModel.objects.create(**values)


def priced(per_input: str, cached: str | None, output: str) -> dict[str, Any]:
    """The fields for prices, in dollars for a million tokens."""
    return {
        "price_input": Decimal(per_input),
        "price_cached_input": None if cached is None else Decimal(cached),
        "price_output": Decimal(output),
    }

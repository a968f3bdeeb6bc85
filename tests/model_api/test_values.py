"""What callers pass in and get back."""

from decimal import Decimal

import pytest

from conversations.model_api import Prices, Usage
from conversations.model_api.values import parse_usd


def test_it_works() -> None:
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 1_000_000}

    assert Usage.reported(usage, spent=None, prices=Prices()) == Usage(
        1_000_000, 0, 1_000_000, Decimal("2.00")
    )


def test_cached_tokens_cost_less() -> None:
    assert Prices().cost(prompt=1_000_000, cached=1_000_000, completion=0) == Decimal("0.10")


def test_without_prices_the_cost_is_unknown() -> None:
    assert Usage.reported({"prompt_tokens": 1}, spent=None, prices=None).cost_usd is None


@pytest.mark.parametrize("count", [None, "7", 1.5, True, -1, [], {}])
def test_counts_that_are_no_counts_are_zero(count: object) -> None:
    usage = {
        "prompt_tokens": count,
        "completion_tokens": count,
        "prompt_tokens_details": {"cached_tokens": count},
    }

    assert Usage.reported(usage, spent=None, prices=None) == Usage(0, 0, 0, None)


def test_counts_fit_a_database_column() -> None:
    usage = Usage.reported({"prompt_tokens": 10**30}, spent=None, prices=None)

    assert usage.prompt_tokens == 2**31 - 1


@pytest.mark.parametrize("details", [None, [], "none", 7])
def test_details_that_are_no_details_are_skipped(details: object) -> None:
    usage = {"prompt_tokens": 1, "prompt_tokens_details": details}

    assert Usage.reported(usage, spent=None, prices=None).cached_tokens == 0


@pytest.mark.parametrize(
    ("value", "amount"),
    [(0.0002966, "0.0002966"), ("0.5", "0.5"), (0, "0"), (1e-7, "1E-7")],
)
def test_amounts_keep_their_digits(value: object, amount: str) -> None:
    assert parse_usd(value) == Decimal(amount)


@pytest.mark.parametrize("value", [None, True, "much", "", -1, float("nan"), "inf", [1]])
def test_amounts_that_are_no_amounts_are_unknown(value: object) -> None:
    assert parse_usd(value) is None

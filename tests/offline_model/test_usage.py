"""What requests and replies count and cost."""

from typing import Any

import pytest

from conversations.offline_model.usage import PromptCache, count_usage

SYSTEM = {"role": "system", "content": "Be brief."}
FIRST = {"role": "user", "content": "x" * 400}


def test_a_prompt_is_counted_by_its_length() -> None:
    assert PromptCache().count([FIRST])[0] == pytest.approx(100, abs=10)


def test_only_the_front_that_was_sent_before_is_cached() -> None:
    prompts = PromptCache()
    first_turn, _ = prompts.count([SYSTEM, FIRST])
    answer = {"role": "assistant", "content": "Yes."}
    assert prompts.count([SYSTEM, FIRST, answer])[1] == first_turn


def test_nothing_is_cached_once_the_front_has_changed() -> None:
    prompts = PromptCache()
    prompts.count([SYSTEM, FIRST])
    assert prompts.count([FIRST, SYSTEM])[1] == 0


def test_the_cost_follows_the_price_list() -> None:
    meta: dict[str, Any] = count_usage(1_000_000, 500_000, 1_000_000)["meta"]["usage"]
    assert meta["usd_spent"] == pytest.approx(0.20 + 0.05 + 1.60)
    assert meta["credits_used"] == 3_700_000

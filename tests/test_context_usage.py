"""How full a conversation's context is, by the end of its branch."""

from decimal import Decimal

import pytest

from conversations.context_usage import ContextUsage, estimate_next_cost, measure_context
from conversations.model_api import Prices
from conversations.models import Message

PRICES = Prices(input=Decimal(1), cached_input=Decimal(0), output=Decimal(2))


def measure(*messages: Message) -> ContextUsage | None:
    return measure_context(messages, system_prompt="Be brief.", budget=1000)


def question(text: str = "Hello", **fields: int) -> Message:
    return Message(role="user", text=text, **fields)


def answer(text: str = "Hello to you.", **fields: object) -> Message:
    return Message(role="assistant", text=text, parent_id=1, **fields)


def test_it_is_what_the_model_counted_and_what_it_wrote() -> None:
    usage = measure(question(), answer(prompt_tokens=100, completion_tokens=5))
    assert usage
    assert usage.used == 105


def test_messages_after_the_last_that_was_counted_are_estimated() -> None:
    counted = answer(prompt_tokens=100, completion_tokens=5)
    usage = measure(question(), counted, question("x" * 40), answer("", status="pending"))
    assert usage
    assert usage.used == 105 + 14


def test_where_nothing_was_counted_all_of_it_is_estimated() -> None:
    usage = measure(question("x" * 40), answer("x" * 40, is_edited=True))
    assert usage
    assert usage.used == 7 + 14 + 14


def test_an_end_that_does_not_tell_is_not_guessed_at() -> None:
    assert measure(question(parent_id=1), answer()) is None
    assert measure() is None


def test_a_reply_that_was_continued_is_not_taken_for_one_prompt() -> None:
    continued = answer("x" * 40, prompt_tokens=400, completion_tokens=5, base_length=10)
    usage = measure(question(), continued)
    assert usage
    assert usage.used < 100


@pytest.mark.parametrize(("used", "percent"), [(1, 1), (250, 25), (996, 100), (5000, 100)])
def test_a_share_is_told_that_is_never_none_and_never_more_than_all(
    used: int, percent: int
) -> None:
    assert ContextUsage(used, 1000).percent == percent


def test_the_next_message_costs_what_is_read_and_a_reply_like_the_last() -> None:
    last = answer(prompt_tokens=100, cached_tokens=50, completion_tokens=10)
    cost = estimate_next_cost(ContextUsage(110, 1000), [last], PRICES)
    assert cost == Decimal(60 + 20) / 1_000_000


def test_without_prices_or_a_reply_no_cost_is_told() -> None:
    free = Prices(Decimal(0), Decimal(0), Decimal(0))
    assert estimate_next_cost(ContextUsage(110, 1000), [answer()], PRICES) is None
    last = answer(prompt_tokens=100, completion_tokens=10)
    assert estimate_next_cost(ContextUsage(110, 1000), [last], free) is None

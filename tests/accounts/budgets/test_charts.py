"""Bars and their scale."""

from decimal import Decimal

import pytest

from chatsite.accounts.budgets.charts import HEIGHT, MIN_HEIGHT, BarChart, ChartBar


def chart(*amounts: str) -> BarChart:
    return BarChart([ChartBar(Decimal(amount), amount) for amount in amounts], str)


@pytest.mark.parametrize(
    ("most", "top"),
    [("0", "1"), ("1", "1"), ("7", "8"), ("10", "1E+1"), ("48221", "6E+4"), ("0.053", "0.06")],
)
def test_the_scale_ends_with_a_round_number_above_the_highest(most: str, top: str) -> None:
    assert chart("0", most).top == Decimal(top)


def test_the_scale_has_a_middle_and_a_beginning() -> None:
    assert [Decimal(label) for label in chart("70").scale] == [80, 40, 0]


def test_bars_stand_on_the_ground_and_are_as_high_as_their_amount() -> None:
    bars = list(chart("4", "8").placed_bars)
    assert [bar.height for bar in bars] == [HEIGHT // 2, HEIGHT]
    assert [bar.y + bar.height for bar in bars] == [HEIGHT, HEIGHT]


def test_a_little_can_still_be_seen_and_nothing_can_not() -> None:
    assert [bar.height for bar in chart("0", "1", "1000000").placed_bars] == [0, MIN_HEIGHT, HEIGHT]


def test_all_bars_have_room() -> None:
    drawn = chart("1", "2", "3")
    assert max(bar.slot for bar in drawn.placed_bars) < drawn.width == 300

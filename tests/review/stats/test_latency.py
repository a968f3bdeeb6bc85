"""Histograms give quantiles that are as close to the exact ones as they say."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.review.stats import latency

SECONDS = st.lists(st.floats(0.001, 600), min_size=1, max_size=60)
SHARES = st.sampled_from([0.5, 0.95])


def exact(seconds: list[float], share: float) -> float:
    return sorted(seconds)[math.ceil(share * len(seconds)) - 1]


@given(SECONDS, SHARES)
def test_a_quantile_is_at_most_2_5_percent_off(seconds: list[float], share: float) -> None:
    histogram = Counter(map(latency.find_bucket, seconds))
    found = latency.compute_quantile(histogram, share)
    assert found is not None
    assert found / exact(seconds, share) == pytest.approx(1, rel=0.025)


@given(SECONDS, SECONDS, SHARES)
def test_histograms_that_are_added_are_as_good_as_one(
    some: list[float], others: list[float], share: float
) -> None:
    added = Counter(map(latency.find_bucket, some)) + Counter(map(latency.find_bucket, others))
    assert added == Counter(map(latency.find_bucket, some + others))


@given(st.floats(0.001, 600))
def test_a_bucket_is_at_most_5_percent_wide(seconds: float) -> None:
    middle = latency.get_bucket_middle(latency.find_bucket(seconds))
    assert latency.ERROR**2 <= 1.0500001
    assert middle / latency.ERROR <= seconds * 1.0000001
    assert seconds <= middle * latency.ERROR * 1.0000001


@pytest.mark.parametrize("seconds", [-5.0, 0.0, 0.0004, 1e9])
def test_a_clock_that_was_set_does_no_harm(seconds: float) -> None:
    assert 0 <= int(latency.find_bucket(seconds)) <= latency.LAST


def test_without_replies_there_is_no_quantile() -> None:
    assert latency.compute_quantile({}, 0.5) is None

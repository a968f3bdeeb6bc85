"""Moments to come, in words."""

from datetime import UTC, date, datetime

import pytest

from chatsite.core.times import at_time


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 7, 1, 14, 30, tzinfo=UTC), "at 14:30"),
        (datetime(2026, 7, 2, 9, 0, tzinfo=UTC), "tomorrow at 09:00"),
        (datetime(2026, 7, 3, 0, 0, tzinfo=UTC), "on 3 July at 00:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: datetime, words: str) -> None:
    assert at_time(moment, date(2026, 7, 1)) == words

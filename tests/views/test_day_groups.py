"""Conversations by day, in the reader's time zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from conversations.models import Conversation
from conversations.views.day_groups import format_day_label, group_by_day

TODAY = date(2026, 3, 10)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days_ago", "label"),
    [
        (0, "Today"),
        (1, "Yesterday"),
        (2, "Previous 7 days"),
        (7, "Previous 7 days"),
        (8, "Previous 30 days"),
        (30, "Previous 30 days"),
        (31, "February 2026"),
        (100, "November 2025"),
    ],
)
def test_a_day_has_its_label(days_ago: int, label: str) -> None:
    assert format_day_label(noon(TODAY - timedelta(days=days_ago)), TODAY) == label


def test_a_clock_ahead_of_ours_is_today() -> None:
    assert format_day_label(noon(TODAY + timedelta(days=1)), TODAY) == "Today"


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("UTC", "Yesterday"),
        ("Europe/Berlin", "Today"),
        ("Pacific/Auckland", "Today"),
        ("America/Los_Angeles", "Yesterday"),
    ],
)
def test_the_day_is_the_readers(zone: str, label: str) -> None:
    with timezone.override(zone):
        assert format_day_label(datetime(2026, 3, 9, 23, 30, tzinfo=UTC), TODAY) == label


def titles(conversations: list[Conversation]) -> list[tuple[str, list[str]]]:
    return [(label, [one.title for one in group]) for label, group in group_by_day(conversations)]


def used(title: str, moment: datetime) -> Conversation:
    return Conversation(title=title, last_activity_at=moment)


def test_neighbours_under_one_label_are_a_group() -> None:
    listed = [
        used("a", timezone.now() + timedelta(minutes=1)),
        used("b", noon(date(2001, 2, 20))),
        used("c", noon(date(2001, 2, 3))),
        used("d", noon(date(2001, 1, 3))),
    ]
    assert titles(listed) == [
        ("Today", ["a"]),
        ("February 2001", ["b", "c"]),
        ("January 2001", ["d"]),
    ]


def test_groups_are_made_in_the_readers_zone() -> None:
    listed = [used("a", datetime(2001, 1, 31, 23, 30, tzinfo=UTC))]
    assert titles(listed) == [("January 2001", ["a"])]
    with timezone.override("Europe/Berlin"):
        assert titles(listed) == [("February 2001", ["a"])]


def test_no_conversations_are_no_groups() -> None:
    assert group_by_day([]) == []

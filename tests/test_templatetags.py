"""Times as people read them, waits that are counted down, icons, and which styles are linked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from conversations.models import Message
from conversations.presenter import MessageView
from conversations.templatetags.chat import count_down, full_time, icon, short_time
from conversations.templatetags.styles import needed_styles


def noon(**shift: int) -> datetime:
    """Today at noon, shifted: never within a minute of now, unless the test runs at noon."""
    return timezone.localtime().replace(hour=12, minute=0, second=0) + timedelta(**shift)


@pytest.mark.parametrize("seconds", [0, 30, -30])
def test_this_minute_is_now(seconds: int) -> None:
    assert short_time(timezone.now() - timedelta(seconds=seconds)) == "now"


def test_today_is_a_time_of_day() -> None:
    now = timezone.localtime()
    moment = now.replace(hour=(now.hour + 12) % 24, minute=5)
    assert short_time(moment) == f"{moment.hour:02}:05"


def test_the_day_before_is_yesterday() -> None:
    assert short_time(noon(days=-1)) == "Yesterday"


def test_another_year_is_said() -> None:
    assert short_time(datetime(2020, 10, 3, 12, tzinfo=UTC)) == "3 October 2020"


def test_a_day_of_this_year_goes_without_it() -> None:
    today = timezone.localdate()
    month = 1 if today.month > 6 else 12
    moment = datetime(today.year, month, 15, 12, tzinfo=UTC)
    assert short_time(moment) == f"15 {'January' if month == 1 else 'December'}"


def test_the_reader_sees_the_day_of_their_zone() -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        assert short_time(datetime(2020, 12, 31, 20, tzinfo=UTC)) == "1 January 2021"


def test_the_full_time_has_everything() -> None:
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        moment = datetime(2020, 12, 31, 20, 30, 15, tzinfo=UTC)
        assert full_time(moment) == "Friday, 1 January 2021, 05:30:15"


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in icon("copy")
    assert icon("copy").endswith('lucide.svg#copy"></use></svg>')


def test_an_icons_name_is_escaped() -> None:
    assert "<script>" not in icon('"><script>')


def test_the_seconds_to_wait_are_marked_in_their_sentence() -> None:
    sentence = "At most 20 a minute. Try again in 20 seconds."
    assert count_down(sentence, 20) == (
        'At most 20 a minute. Try again in <span data-countdown="20">20</span> seconds.'
    )


@pytest.mark.parametrize("seconds", [None, 0, 91, 30])
def test_a_wait_that_is_not_told_in_seconds_is_not_counted_down(seconds: int | None) -> None:
    assert count_down("Try again in 20 seconds, 91 at most.", seconds) == (
        "Try again in 20 seconds, 91 at most."
    )


@pytest.mark.parametrize(
    ("text", "styles"),
    [
        ("Words and `words`", []),
        ("```\ncode\n```", ["css/code.css"]),
        ("The square is $x^2$", ["css/math.css"]),
    ],
)
def test_a_page_links_the_styles_of_what_its_replies_hold(text: str, styles: list[str]) -> None:
    hello = MessageView(Message(pk=1, role="user", text="```\ncode\n``` and $x$"))
    reply = MessageView(Message(pk=2, role="assistant", text=text))
    assert needed_styles([hello, reply]) == styles


def test_a_page_without_messages_needs_no_more_styles() -> None:
    assert needed_styles(None) == []

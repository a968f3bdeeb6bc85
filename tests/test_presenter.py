"""What pages show of a message."""

import pytest

from conversations import rendering
from conversations.models import Message
from conversations.presenter import MessageView


def test_html_of_this_renderer_is_shown_as_it_was_saved() -> None:
    message = Message(pk=7, text="*x*", html="<p>saved</p>", html_version=rendering.VERSION)
    assert MessageView(message).html == "<p>saved</p>"


def test_html_of_an_older_renderer_is_made_anew() -> None:
    message = Message(pk=7, text="*x*", html="<p>saved</p>", html_version=rendering.VERSION - 1)
    assert MessageView(message).html == rendering.render("*x*", prefix="m7")


def test_a_reply_without_html_is_rendered() -> None:
    message = Message(pk=7, role="assistant", status="interrupted", text="*x*")
    assert "<em>x</em>" in MessageView(message).html


def test_footnotes_of_two_messages_do_not_meet() -> None:
    text = "One[^1]\n\n[^1]: Note"
    first, second = Message(pk=7, text=text), Message(pk=8, text=text)
    assert MessageView(first).html != MessageView(second).html


def test_the_status_message_is_the_one_for_its_status() -> None:
    assert (said := MessageView(Message(role="assistant", status="stopped")).status_message)
    assert "was stopped" in said.sentence


def test_who_may_only_look_has_nothing_to_do() -> None:
    stopped = Message(role="assistant", status="stopped", text="One")
    running = Message(role="assistant", status="streaming")
    view = MessageView(stopped, is_read_only=True)
    assert MessageView(stopped).can_retry
    assert MessageView(stopped).takes_feedback
    assert MessageView(running).is_followed
    assert not view.can_retry
    assert not view.takes_feedback
    assert not MessageView(running, is_read_only=True).is_followed


@pytest.mark.parametrize(
    ("text", "is_long"),
    [
        ("汉" * 430, False),
        ("汉" * 440, True),
        ("かな\n" * 12, True),
        ("한" * 36 + "\n" + "é" * 700, False),
    ],
)
def test_wide_characters_take_the_room_of_two(text: str, is_long: bool) -> None:
    assert MessageView(Message(role="user", text=text)).is_long == is_long


@pytest.mark.parametrize(
    ("text", "is_long"),
    [("a\n" * 11 + "a", False), ("a\n" * 12 + "a", True), ("a" * 500, False), ("a" * 2000, True)],
)
def test_a_message_of_ones_own_of_more_than_twelve_lines_is_long(text: str, is_long: bool) -> None:
    message = Message(role="user", text=text)
    assert MessageView(message).is_long == is_long
    assert not MessageView(message, is_read_only=True).is_long
    assert not MessageView(Message(role="assistant", text=text)).is_long

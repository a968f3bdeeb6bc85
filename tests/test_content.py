"""What a message consists of: what is stored, counted and sent of it."""

import pytest

from conversations.content import (
    InvalidMessageError,
    clean_message,
    count_tokens,
    estimate_tokens,
    fits_budget,
    is_sendable,
    make_chat_message,
    make_idempotency_key,
)
from conversations.models import Message


def test_a_message_that_fits_alone_fits() -> None:
    assert fits_budget("x" * 4 * 191, system_prompt="", budget=200 - 1)
    assert not fits_budget("x" * (4 * 191 + 1), system_prompt="", budget=200 - 1)


def test_the_system_prompt_counts() -> None:
    assert fits_budget("x" * 400, system_prompt="", budget=120)
    assert not fits_budget("x" * 400, system_prompt="y" * 400, budget=120)


def test_an_estimate_counts_bytes_of_any_script() -> None:
    assert estimate_tokens("漢" * 40) == 34
    assert estimate_tokens("x" * 40) == 14
    assert estimate_tokens("\ud83d") == 5


def test_a_key_follows_from_the_form_and_what_it_sent() -> None:
    assert make_idempotency_key("a", "Hello") == make_idempotency_key("a", "Hello")
    assert make_idempotency_key("a", "Hello") != make_idempotency_key("a", "Hi")
    assert make_idempotency_key("a", "Hello") != make_idempotency_key("b", "Hello")


def test_what_the_model_counted_is_believed_where_it_may_be_the_text() -> None:
    assert count_tokens(Message(text="x" * 40, completion_tokens=30)) == 30
    assert count_tokens(Message(text="x" * 40, completion_tokens=41)) == 14
    assert count_tokens(Message(text="x" * 40, completion_tokens=30, usage_estimated=True)) == 14


def test_of_a_reply_that_brought_nothing_nothing_is_sent() -> None:
    assert not is_sendable(Message(role="assistant", text=" \n"))
    assert is_sendable(Message(role="user", text=" \n"))


def test_messages_in_a_row_become_one_entry() -> None:
    messages = [Message(text="Hello"), Message(text="Hello?")]
    assert make_chat_message("user", messages) == {"role": "user", "content": "Hello\n\nHello?"}


def test_instructions_that_leave_no_room_are_said_to() -> None:
    with pytest.raises(InvalidMessageError, match="Leave out your instructions"):
        clean_message("Hi", system_prompt="a" * 300, budget=60)
    with pytest.raises(InvalidMessageError, match="This message is too long"):
        clean_message("a" * 300, system_prompt="Be kind.", budget=60)

"""What a message says, in whatever shape a server puts it."""

from typing import Any

import pytest

from conversations.model_api import Delta
from conversations.model_api.deltas import MessageWords, read_message_words


def said(content: Any) -> MessageWords:
    return read_message_words({"role": "assistant", "content": content})


def test_it_works() -> None:
    assert said("Hello") == MessageWords(Delta("Hello"))


@pytest.mark.parametrize("content", [None, "", [], {}, False, True])
def test_nothing_is_no_words(content: Any) -> None:
    assert not said(content).delta


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": "Hello"}],
        [{"type": "text", "text": "Hel"}, {"type": "output_text", "text": "lo"}],
        [{"text": {"value": "Hello"}}],
        ["Hel", "lo"],
        {"type": "text", "text": "Hello"},
        [{"type": "refusal", "refusal": "Hello"}],
    ],
)
def test_parts_are_joined(content: Any) -> None:
    assert said(content) == MessageWords(Delta("Hello"))


def test_a_number_is_text() -> None:
    assert said(42).delta == Delta("42")


def test_parts_of_an_unknown_kind_are_passed_over_and_told() -> None:
    content = [{"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "Hello"}]
    assert said(content) == MessageWords(Delta("Hello"), is_partial=True)


@pytest.mark.parametrize("field", ["tool_calls", "function_call", "audio", "images"])
def test_what_is_no_text_is_told(field: str) -> None:
    assert read_message_words({"content": "Hello", field: [{"id": 1}]}).is_partial


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning", "thinking"])
def test_thinking_in_a_field_of_its_own_is_read(field: str) -> None:
    assert read_message_words({"content": None, field: "Hm."}).delta == Delta(reasoning="Hm.")


def test_thinking_in_two_fields_is_read_once() -> None:
    message = {"content": "Yes.", "reasoning_content": "Hm.", "reasoning": "Hm."}
    assert read_message_words(message).delta == Delta("Yes.", "Hm.")


@pytest.mark.parametrize(
    "part",
    [
        {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
        {"type": "thinking", "thinking": "Hm."},
        {"type": "reasoning", "text": "Hm."},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]},
    ],
)
def test_thinking_in_a_part_is_read(part: dict[str, Any]) -> None:
    assert said([part, {"type": "text", "text": "Yes."}]) == MessageWords(Delta("Yes.", "Hm."))


def test_parts_in_parts_end_somewhere() -> None:
    content: Any = "deep"
    for _ in range(500):
        content = [content]
    assert said(content).is_partial

"""Thinking that a model writes into its text, told from the answer."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.model_api import Delta
from conversations.model_api.deltas import LONGEST_REASONING, join_deltas
from conversations.model_api.think_tags import LONGEST_HELD, ThinkTagParser, split_unopened_thinking


def told(*pieces: str) -> Delta:
    tags = ThinkTagParser()
    return join_deltas([*map(tags.add, pieces), tags.end()])


def test_it_works() -> None:
    assert told("<think>Let me see.</think>It is four.") == Delta("It is four.", "Let me see.")


@pytest.mark.parametrize("name", ["think", "thinking", "thought", "reasoning", "THINK"])
def test_every_tag_in_use_is_known(name: str) -> None:
    assert told(f"<{name}>Hm.</{name}>Yes.") == Delta("Yes.", "Hm.")


def test_the_blank_lines_between_thinking_and_answer_go() -> None:
    assert told("\n<think>\nHm.\n\nOh.\n</think>\n\n    code\n") == Delta(
        "    code\n", "Hm.\n\nOh."
    )


def test_several_thoughts_before_the_answer_are_joined() -> None:
    text = "<think>One.</think>\n<thinking>Two.</thinking>\nYes."
    assert told(text) == Delta("Yes.", "One.\n\nTwo.")


def test_thinking_that_never_ends_is_all_thinking() -> None:
    assert told("<think>Let me ", "see </thi") == Delta("", "Let me see </thi")


def test_a_thought_of_nothing_leaves_no_trace() -> None:
    assert told("<think>\n\n</think>\n\nYes.") == Delta("Yes.", "")


@pytest.mark.parametrize(
    "text",
    [
        "Yes. <think>No.</think>",
        "```xml\n<think>No.</think>\n```",
        "`<think>` is a tag.",
        "<thin",
        "<thinker>No.</thinker>",
        "</think>",
        "    code",
        " \n",
        "<",
        "",
    ],
)
def test_all_else_is_the_answer_as_it_is(text: str) -> None:
    assert told(text) == Delta(text)
    assert told(*text) == Delta(text)


def test_an_answer_may_write_about_the_tag_after_thinking() -> None:
    assert told("<think>Hm.</think>Use <think>.") == Delta("Use <think>.", "Hm.")


def test_endless_white_space_is_not_held_back() -> None:
    tags = ThinkTagParser()
    assert tags.add(" " * (LONGEST_HELD + 1)).text


def test_words_are_not_held_back_until_the_thinking_ends() -> None:
    assert ThinkTagParser().add("<think>Let me see") == Delta("", "Let me see")


@given(st.data())
def test_tags_cut_anywhere_read_the_same(data: st.DataObject) -> None:
    text = "\n<think>a<b</thin</think>\n\n<thinking> c</thinking>\n<thi>"
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=20).map(sorted))
    pieces = [text[start:end] for start, end in pairwise([0, *cuts, len(text)])]
    assert told(*pieces) == Delta("<thi>", "a<b</thin\n\nc")


@given(st.lists(st.sampled_from(["<think>", "</think>", "<thi", "nk>", "x", "\n", " "])))
def test_no_letter_is_lost_or_doubled(pieces: list[str]) -> None:
    delta = told(*pieces)
    assert (delta.text + delta.reasoning).count("x") == pieces.count("x")


# A server may have put the opening tag into the prompt


def test_thinking_that_ends_without_having_begun_is_told_apart_in_the_end() -> None:
    text = "Hm.\n\nOh.\n</think>\n\nYes.\n"
    assert split_unopened_thinking(text) == Delta("Yes.\n", "Hm.\n\nOh.")


@pytest.mark.parametrize(
    "text",
    [
        "Yes.",
        "Close it with </think> then.",
        "```xml\n<think>\n</think>\n```",
        "Like so:\n\n```\n</think>\n```",
        "Write\n<think>\nHm.\n</think>\nYes.",
    ],
)
def test_a_closing_tag_that_is_written_about_ends_nothing(text: str) -> None:
    assert split_unopened_thinking(text) == Delta(text)


def test_thinking_too_long_to_be_kept_stays_where_it_is() -> None:
    text = "x" * (LONGEST_REASONING + 1) + "\n</think>\nYes."
    assert split_unopened_thinking(text) == Delta(text)

"""A title from the first words of the first message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.services.titles import LENGTH, from_first_message


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What is a gate?", "What is a gate?"),
        ("\n\n  What is\ta gate?  \nAnd a door?", "What is a gate?"),
        ("# Gates\n\nWhat are they?", "Gates"),
        ("> quoted", "quoted"),
        ("- [ ] buy bread", "[ ] buy bread"),
        ("```\nprint(1)\n```", "print(1)"),
        ("---\nGates", "Gates"),
        ("", "New chat"),
        ("***", "New chat"),
        ("x" * LENGTH, "x" * LENGTH),
    ],
)
def test_the_first_line_with_words_is_the_title(text: str, title: str) -> None:
    assert from_first_message(text) == title


def test_a_long_line_is_cut_between_words() -> None:
    title = from_first_message("Gates and doors " * 10)
    assert title == "Gates and doors Gates and doors Gates and doors Gates and…"


def test_a_line_with_only_early_gaps_is_cut_in_a_word() -> None:
    assert from_first_message("See " + "x" * 100) == "See " + "x" * (LENGTH - 5) + "…"


@given(st.text(max_size=200))
def test_a_title_is_one_line_that_is_never_empty(text: str) -> None:
    title = from_first_message(text)
    assert title.strip()
    assert len(title.splitlines()) == 1

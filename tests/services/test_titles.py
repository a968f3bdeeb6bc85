"""A title from the first words of the first message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsite.core.visible import has_visible
from conversations.services.titles import LENGTH, make_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What is a gate?", "What is a gate?"),
        ("\n\n  What is\ta gate?  \nAnd a door?", "What is a gate?"),
        ("# Gates\n\nWhat are they?", "Gates"),
        ("> quoted", "quoted"),
        ("- [ ] buy bread", "[ ] buy bread"),
        ("```\nprint(1)\n```", "print(1)"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("~~~ c++\nint x;", "int x;"),
        ("``` inline ``` code", "inline ``` code"),
        ("```python", "New chat"),
        ("__init__ of a class", "__init__ of a class"),
        ("....\nGates", "Gates"),
        ("????", "????"),
        ("\N{PARTY POPPER}", "\N{PARTY POPPER}"),
        ("---\nGates", "Gates"),
        ("", "New chat"),
        ("***", "New chat"),
        ("x" * LENGTH, "x" * LENGTH),
    ],
)
def test_the_first_line_with_words_is_the_title(text: str, title: str) -> None:
    assert make_title(text) == title


@pytest.mark.parametrize(
    "char",
    [
        "\N{ZERO WIDTH SPACE}",
        "\N{RIGHT-TO-LEFT OVERRIDE}",
        "\N{HANGUL FILLER}",
        "\N{BRAILLE PATTERN BLANK}",
        "\N{VARIATION SELECTOR-16}",
        "\N{TAG LATIN SMALL LETTER A}",
        "\N{COMBINING GRAPHEME JOINER}",
        "\N{IDEOGRAPHIC SPACE}",
        "\N{COMBINING ACUTE ACCENT}",
        "\ud800",
    ],
    ids=lambda char: f"U+{ord(char):04X}",
)
def test_what_nobody_sees_makes_no_title(char: str) -> None:
    assert make_title(char * 3) == "New chat"
    assert make_title(f"{char}{char}\nGates") == "Gates"


def test_characters_that_turn_text_around_are_left_out() -> None:
    assert make_title("Gates \u202egpj.exe\u202c") == "Gates gpj.exe"


@pytest.mark.parametrize("text", ["👩\u200d💻 at work", "می\u200cخواهم", "❤\ufe0f and ☎"])
def test_characters_that_shape_their_neighbours_stay(text: str) -> None:
    assert make_title(text) == text


@pytest.mark.parametrize("last", ["e\u0301", "👩\u200d💻", "👍🏽", "❤\ufe0f"])
def test_a_cut_title_ends_with_a_whole_character(last: str) -> None:
    title = make_title("x" * (LENGTH - 2) + last * 3)
    assert title == "x" * (LENGTH - 2) + "…"


def test_a_long_line_is_cut_between_words() -> None:
    title = make_title("Gates and doors " * 10)
    assert title == "Gates and doors Gates and doors Gates and doors Gates and…"


def test_a_line_with_only_early_gaps_is_cut_in_a_word() -> None:
    assert make_title("See " + "x" * 100) == "See " + "x" * (LENGTH - 5) + "…"


@given(st.text(max_size=200))
def test_a_title_is_one_line_that_is_never_empty(text: str) -> None:
    title = make_title(text)
    assert has_visible(title)
    assert len(title.splitlines()) == 1

"""Which characters are seen."""

import sys
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsite.core.visible import has_visible, is_visible, to_visible_line


@pytest.mark.parametrize("char", ["a", "ß", "あ", "ا", "7", "?", "€", "🎉", "अ", "ी", "\ue000"])
def test_letters_digits_signs_and_pictures_are_seen(char: str) -> None:
    assert is_visible(char)


def test_every_letter_and_digit_but_the_fillers_is_seen() -> None:
    fillers = set("\u115f\u1160\u3164\uffa0")
    letters = (char for char in map(chr, range(sys.maxunicode + 1)) if category(char)[0] in "LN")
    assert {char for char in letters if not is_visible(char)} == fillers


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b\u2060", "\u2800\u3164", "\U000e0041", "\x00"]
)
def test_a_text_of_nothing_but_blanks_shows_nothing(text: str) -> None:
    assert not has_visible(text)
    assert to_visible_line(text) == ""


@given(st.text())
def test_a_line_shows_what_the_text_shows(text: str) -> None:
    line = to_visible_line(text)
    assert list(filter(is_visible, line)) == list(filter(is_visible, text))
    assert line == line.strip()

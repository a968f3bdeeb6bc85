"""Normalization: what it keeps, what it cuts, and that no text takes it long."""

import sys
import unicodedata
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsite.core.text import MARKS, MAX_MARKS, Form, limit_marks, normalize

FORMS: list[Form] = ["NFC", "NFD", "NFKC", "NFKD"]
ACUTE, GRAVE_BELOW, TWO_IN_ONE = "\u0301", "\u0316", "\u0344"
ZALGO = st.text(f"aÅᾂ゛ｶﾞ{ACUTE}{GRAVE_BELOW}{TWO_IN_ONE}\u0345\u0f73\U0001d165😀", max_size=200)
forms = pytest.mark.parametrize("form", FORMS)


def longest_run(text: str) -> int:
    """Of combining marks, counted as the stream-safe text format does."""
    decomposed = unicodedata.normalize("NFKD", text)
    runs = groupby(decomposed, key=lambda character: unicodedata.combining(character) > 0)
    return max((len(list(run)) for is_marks, run in runs if is_marks), default=0)


@forms
@given(text=st.text())
def test_ordinary_text_is_normalized_as_unicode_says(form: Form, text: str) -> None:
    if longest_run(text) <= MAX_MARKS:
        assert normalize(text, form) == unicodedata.normalize(form, text)


@given(ZALGO)
def test_a_text_without_long_runs_of_marks_stays_as_it_is(text: str) -> None:
    if longest_run(text) <= MAX_MARKS:
        assert limit_marks(text) == text


@given(ZALGO)
def test_no_letter_keeps_more_than_thirty_marks(text: str) -> None:
    assert longest_run(limit_marks(text)) <= MAX_MARKS


@given(ZALGO)
def test_of_a_long_run_thirty_marks_stay(text: str) -> None:
    assert longest_run(limit_marks(text)) >= min(longest_run(text), MAX_MARKS - 1)


@given(ZALGO)
def test_letters_are_never_cut(text: str) -> None:
    def letters(of: str) -> list[str]:
        decomposed = unicodedata.normalize("NFKD", of)
        return [character for character in decomposed if not unicodedata.combining(character)]

    assert letters(limit_marks(text)) == letters(text)


@forms
@given(text=ZALGO)
def test_texts_that_are_equivalent_stay_so(form: Form, text: str) -> None:
    for written in ("NFC", "NFD"):
        assert normalize(unicodedata.normalize(written, text), form) == normalize(text, form)


@given(ZALGO)
def test_what_was_cut_is_not_cut_again(text: str) -> None:
    assert limit_marks(limit_marks(text)) == limit_marks(text)


def test_all_marks_of_unicode_are_known() -> None:
    everything = map(chr, range(sys.maxunicode + 1))
    decomposed = ((each, unicodedata.normalize("NFKD", each)) for each in everything)
    assert {each for each, first in decomposed if unicodedata.combining(first[0])} == MARKS


@forms
@pytest.mark.parametrize(
    "marks",
    [ACUTE + GRAVE_BELOW, TWO_IN_ONE + GRAVE_BELOW, "\U0001d165\U0001d16d", "ﾞ" + GRAVE_BELOW],
)
def test_half_a_megabyte_of_marks_is_normalized_at_once(form: Form, marks: str) -> None:
    """In order or not; by `unicodedata` alone it takes minutes."""
    in_runs = "".join(mark * 120_000 for mark in marks)
    for hostile in ("a" + in_runs, "a" + marks * 120_000):
        assert len(normalize(hostile, form)) <= 2 * MAX_MARKS

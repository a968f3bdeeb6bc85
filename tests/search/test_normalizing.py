"""What is compared, and by which numbers it is found."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.search.normalizing import (
    BITS,
    compute_bigrams,
    compute_term_bigrams,
    normalize_text,
)
from conversations.search.terms import parse_terms

LETTERS = st.characters(exclude_categories=["Cs"])


def test_numbers_are_the_same_for_ever() -> None:
    """What is saved would not be found otherwise."""
    assert compute_bigrams("a 北京") == {2207, 334585, 507459, 753297}


@given(st.text(LETTERS), st.text(LETTERS, min_size=1), st.text(LETTERS))
def test_a_part_has_no_grams_that_the_whole_lacks(before: str, term: str, after: str) -> None:
    assert (
        compute_term_bigrams(term)
        <= compute_bigrams(term)
        <= compute_bigrams(before + term + after)
    )


@given(st.text(LETTERS))
def test_white_space_has_no_numbers(text: str) -> None:
    assert bool(compute_bigrams(text)) == bool(text.strip())
    assert all(0 <= number <= BITS for number in compute_bigrams(text))


@given(st.text("aAiIİıßſςΣσﬁé\u0301\u0307\u0316", max_size=100))
def test_how_accents_are_written_does_not_count(text: str) -> None:
    assert normalize_text(normalize("NFD", text)) == normalize_text(text)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Hello  world", ["hello", "world"]),
        ('"Hello  world" again', ["hello  world", "again"]),
        ("hell hello", ["hello"]),
        ('say "hello', ['"hello', "say"]),
        ('5" "" " "', ['5"']),
        ("a\x00b", ["a", "b"]),
        ("  \n\u3000 ", []),
    ],
)
def test_terms_are_words_and_phrases(typed: str, terms: list[str]) -> None:
    assert parse_terms(typed) == terms

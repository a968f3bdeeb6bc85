"""What a model says when it is asked for a title is made one short line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatsite.core.visible import has_visible
from conversations.services.model_titles.cleaning import clean_title
from conversations.services.titles import LENGTH


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Binary heaps", "Binary heaps"),
        ("“Binary heaps.”", "Binary heaps"),
        ('"Binary heaps".', "Binary heaps"),
        ("'Binary heaps'", "Binary heaps"),
        ("„Binäre Heaps“", "Binäre Heaps"),
        ("«Двоичные кучи»", "Двоичные кучи"),
        ("「二分ヒープ」", "二分ヒープ"),
        ("二叉堆的工作原理。", "二叉堆的工作原理"),
        ("Title: Binary heaps", "Binary heaps"),
        ("**Title:** Binary heaps", "Binary heaps"),
        ("**Title: Binary heaps**", "Binary heaps"),
        ("Titel: „Binäre Heaps“", "Binäre Heaps"),
        ("标题：二叉堆", "二叉堆"),
        ("# Binary heaps", "Binary heaps"),
        ("## Binary heaps ##", "Binary heaps"),
        ("> *Binary heaps*", "Binary heaps"),
        ("- `heapq` in Python", "heapq in Python"),
        ("1. Binary heaps", "Binary heaps"),
        ("__Binary heaps__", "Binary heaps"),
        ("_Binary_ heaps", "_Binary_ heaps"),
        ("What __init__ does", "What __init__ does"),
        ("<title>Binary heaps</title>", "Binary heaps"),
        ("[Binary heaps](https://example.com)", "Binary heaps"),
        ("![Binary heaps](x.png)", "Binary heaps"),
        ("List<int> and vector<bool>", "List<int> and vector<bool>"),
        ("```\nBinary heaps\n```", "Binary heaps"),
        ("\n\nBinary\theaps\r\nAnd more", "Binary heaps"),
        ("Bin\u202eary\x07 he\u200baps", "Binary heaps"),
        ("What is a heap?", "What is a heap?"),
        ("Heaps in the U.S.", "Heaps in the U.S."),
        ("Heaps...", "Heaps..."),
        ("“Hamlet” and “Macbeth”", "“Hamlet” and “Macbeth”"),
        ('"Binary heaps', "Binary heaps"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("2024. A look back", "2024. A look back"),
        ("\N{PARTY POPPER} Party", "\N{PARTY POPPER} Party"),
        ("", ""),
        ("…", ""),
        ("Title:", ""),
        ("***", ""),
    ],
)
def test_what_is_around_a_title_is_taken_off(said: str, title: str) -> None:
    assert clean_title(said) == title


def test_the_last_word_of_an_answer_that_was_cut_is_left_out() -> None:
    assert clean_title("How binary heaps wor", is_cut=True) == "How binary heaps"
    assert clean_title("二叉堆的工作", is_cut=True) == "二叉堆的工作"


@given(st.text(max_size=300))
def test_a_title_is_one_short_line_or_nothing(said: str) -> None:
    title = clean_title(said)
    assert len(title) <= LENGTH
    assert len(title.splitlines()) <= 1
    assert not title or has_visible(title)


@given(st.text(alphabet="*_`~\"'“”„«»[]()<># :.-", max_size=300))
def test_marks_alone_are_no_title(said: str) -> None:
    assert clean_title(said) == ""

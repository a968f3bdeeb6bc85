"""What is shown of a message that was found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.search.snippets import make_snippet
from conversations.search.terms import parse_terms

LONG = "word " * 100
# Half a megabyte, which took minutes to be put into order.
MARKS = "a" + 120_000 * "\u0301" + 120_000 * "\u0316"


def snippet_of(text: str, query: str) -> str:
    return make_snippet(text, parse_terms(query))


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Hello World", "world", "Hello <mark>World</mark>"),
        ("Hello World, hello", "hello", "<mark>Hello</mark> World, <mark>hello</mark>"),
        ("foobar", "foo ob bar", "<mark>foobar</mark>"),
        ("a-b", "a b", "<mark>a</mark>-<mark>b</mark>"),
        ("Die Straße dort", "strasse", "Die <mark>Straße</mark> dort"),
        ("Die Straße dort", "s", "Die <mark>S</mark>tra<mark>ß</mark>e dort"),
        ("Maßstab ß", "stab", "Maß<mark>stab</mark> ß"),
        ("ßßß end", "end", "ßßß <mark>end</mark>"),
        ("in İstanbul now", "istanbul now", "in <mark>İstanbul</mark> <mark>now</mark>"),
        ("x e\u0301tude", "étude", "x <mark>e\u0301tude</mark>"),
        ("e\u0301 y", "é", "<mark>e\u0301</mark> y"),
        ("e\u0301e\u0301 then", "then", "e\u0301e\u0301 <mark>then</mark>"),
        ("\u1112\u1161\u11ab 글", "한", "<mark>\u1112\u1161\u11ab</mark> 글"),
        ("去北京吧", "北京", "去<mark>北京</mark>吧"),
        ("ﬁne ﬁsh", "fish", "ﬁne <mark>ﬁsh</mark>"),
        ("Well 🎉 done", "🎉 done", "Well <mark>🎉</mark> <mark>done</mark>"),
    ],
)
def test_what_was_searched_for_is_marked(text: str, query: str, shown: str) -> None:
    assert snippet_of(text, query) == shown


@pytest.mark.parametrize("before", ["ß ", "Ω", "e\u0301", "\u1100\u1161 ", "İ. "])
def test_the_place_in_a_long_text_is_found(before: str) -> None:
    shown = make_snippet(f"{before * 3000}Straße. Ω", ["strasse"])
    assert "<mark>Straße</mark>" in shown


def test_a_text_is_escaped() -> None:
    shown = snippet_of("<script>alert(1)</script> & <b>", "alert <b>")
    assert shown == (
        "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt; &amp; <mark>&lt;b&gt;</mark>"
    )


def test_a_long_text_is_cut_around_the_first_find_between_words() -> None:
    shown = snippet_of(f"{LONG}needle {LONG}needle", "needle")
    assert shown.startswith("…word word")
    assert shown.endswith("word…")
    assert shown.count("<mark>needle</mark>") == 1
    assert len(shown) < 200


def test_a_text_without_spaces_is_cut_all_the_same() -> None:
    shown = snippet_of("北" * 1000 + "京" + "北" * 1000, "京")
    assert shown.count("<mark>京</mark>") == 1
    assert 150 < len(shown) < 190


def test_a_long_phrase_is_shown_whole() -> None:
    phrase = "x" * 400
    assert f"<mark>{phrase}</mark>" in snippet_of(f"{LONG}{phrase} {LONG}", phrase)


def test_a_text_that_does_not_say_it_any_more_is_shown_from_its_beginning() -> None:
    assert snippet_of(LONG, "needle").startswith("word word")


def test_what_stands_behind_half_a_megabyte_of_accents_is_shown() -> None:
    assert snippet_of(f"{MARKS} then", "then").endswith("<mark>then</mark>")


@given(st.text("aßİﬁé\u0301Ωж漢글か😀\u1100\u1161\u11a8", max_size=30))
def test_a_place_in_a_long_text_is_found_whatever_its_letters(letters: str) -> None:
    long = (letters or "漢") * 100
    assert snippet_of(f"{long} needle end", "needle").endswith("<mark>needle</mark> end")

"""A text rendered while it grows."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.rendering import BlockStream, placeholder_extraction, render
from conversations.rendering.placeholders import ExtractedText
from tests.rendering.examples import EXAMPLES
from tests.rendering.fragments import PIECES
from tests.rendering.pathological import pathological_inputs

texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
definitions = [piece for piece in PIECES if "]:" in piece]
others = [piece for piece in PIECES if piece not in definitions]
# Of a text that defines something after its use, only the whole shows it.
defined_first = st.tuples(
    st.lists(st.sampled_from(definitions), max_size=3).map("\n\n".join),
    st.lists(st.sampled_from(others), max_size=25).map("".join),
).map("\n\n".join)
DEFINED_LATE = "a[^1] b[^1]\n\n[^1]: c\n"
seeds = st.integers(0, 2**32)
HEAVY = ["lines", "details", "a table of 1,000 columns", "footnotes", "a long item"]


def cut(text: str, seed: int) -> list[str]:
    """The text in pieces of random sizes."""
    source, pieces = random.Random(seed), []
    while text:
        size = source.choice([1, 2, 3, 5, 10, 50])
        pieces.append(text[:size])
        text = text[size:]
    return pieces


def fed(*pieces: str) -> BlockStream:
    stream = BlockStream("m1")
    for piece in pieces:
        stream.feed(piece)
    return stream


def shown(text: str) -> str:
    """What a reader sees after each character of the text has come on its own."""
    stream = fed(*text)
    return "".join(stream.finished) + stream.open


@settings(max_examples=300, deadline=None)
@given(text=defined_first, seed=seeds)
def test_pieces_make_what_the_whole_makes(text: str, seed: int) -> None:
    stream = fed(*cut(text, seed))
    assert stream.close() == render(text, prefix="m1")


@settings(max_examples=150, deadline=None)
@given(text=texts, seed=seeds)
def test_finished_blocks_never_change(text: str, seed: int) -> None:
    stream, before = BlockStream("m1"), list[str]()
    for piece in cut(text, seed):
        stream.feed(piece)
        assert stream.open is not None
        assert stream.finished[: len(before)] == before
        before = list(stream.finished)


WORDS = ["word", " ", ", and ", "(5 %) ", "it’s", ".", "- ", "**", "`", "\n", "\n\n", "- x", "# "]
wordy = st.lists(st.sampled_from([*PIECES, *(3 * WORDS)]), max_size=25)


@settings(max_examples=500, deadline=None)
@given(pieces=wordy)
def test_a_reader_of_every_piece_sees_what_one_sees_who_comes_late(pieces: list[str]) -> None:
    stream = BlockStream("m1")
    for count, piece in enumerate(pieces, 1):
        stream.feed(piece)
        late = fed(*pieces[:count])
        assert (stream.finished, stream.open) == (late.finished, late.open)


@pytest.mark.parametrize("section", EXAMPLES)
def test_examples_make_the_same_in_pieces_of_any_size(section: str) -> None:
    for text in EXAMPLES[section]:
        for size in (1, 2, 3, 7):
            stream = fed(*(text[i : i + size] for i in range(0, len(text), size)))
            is_same = stream.close() == render(text, prefix="m1")
            assert is_same or text == DEFINED_LATE


@pytest.mark.parametrize(
    ("text", "is_same"),
    [
        ("[a]: https://x.y\n\n[a]\n\n", True),
        ("[a]\n\nb\n\n[a]: https://x.y\n\n", False),
        ("[^1]: a\n\nb [^1]\n\n", True),
        ("a [^1]\n\n[^1]: b\n\nc\n\n", False),
        ("[b]\n\nb\n\n[a]: https://x.y\n\n", True),
    ],
)
def test_only_a_definition_after_its_use_takes_the_whole_text(text: str, is_same: bool) -> None:
    assert (fed(*text).close() == render(text, prefix="m1")) is is_same


@pytest.mark.parametrize(
    ("text", "finished"),
    [
        ("# a\n", 1),
        ("---\n", 1),
        ("```\na\n```\n", 1),
        ("a\n\n", 0),
        ("a\n\nb", 0),
        ("a\n\nb\n", 1),
        ("a\n# b", 0),
        ("- a\n\n", 0),
        ("- a\n\nb\n", 1),
        ("<details>\n\na\n\nb\n\n", 0),
    ],
)
def test_a_block_is_finished_when_nothing_can_change_it(text: str, finished: int) -> None:
    assert len(fed(*text).finished) == finished


def test_line_ends_may_be_cut_in_two() -> None:
    assert fed("a\r", "\nb\r", "c\r").close() == "<p>a<br>b<br>c</p>"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a **b", "<p>a <strong>b</strong></p>"),
        ("a **b*", "<p>a <strong>b</strong></p>"),
        ("a **b *c", "<p>a <strong>b <em>c</em></strong></p>"),
        ("a **", "<p>a</p>"),
        ("a `b", "<p>a <code>b</code></p>"),
        ("a ~~b", "<p>a <del>b</del></p>"),
        ("a_b", "<p>a_b</p>"),
        ("2 * 3", "<p>2 * 3</p>"),
        ("[a](https://x", "<p><a>a</a></p>"),
        ("[a **b", "<p><a>a <strong>b</strong></a></p>"),
        ("![a](https://x", "<p><a>a</a></p>"),
        ("x[0", "<p>x[0</p>"),
        ("https://x.y/a", "<p><a>https://x.y/a</a></p>"),
        ("a <su", "<p>a</p>"),
        ("a $x", "<p>a <span>$x</span></p>"),
        ("a $5", "<p>a $5</p>"),
        ("\\[\na\n- b", "<p><span>\\[\na\n- b</span></p>"),
    ],
)
def test_what_is_unclosed_looks_closed(text: str, seen: str) -> None:
    assert shown(text) == seen


@pytest.mark.parametrize(
    "marker", ["#", "##", "-", "*", "1.", "12", "```", "```py", "|", ">", "=="]
)
def test_a_line_that_is_only_a_marker_is_not_shown(marker: str) -> None:
    assert shown(marker) == ""
    assert shown(f"a\n{marker}") == "<p>a</p>"


@pytest.mark.parametrize("text", ["| a | b", "| a | b |\n", "| a | b |\n|", "| a | b |\n|---|-"])
def test_a_table_is_one_from_its_first_row(text: str) -> None:
    assert "<th>a</th><th>b</th>" in shown(text)


@pytest.mark.parametrize("end", ["", "\n```\n"])
def test_code_is_plain(end: str) -> None:
    assert shown(f"```python\nif x:\n    pass{end}").endswith("if x:\n    pass</code></pre></div>")


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("", "A sentence.\n\n"),
        ("", "- an item\n"),
        ("```\n", "x = 1\n"),
        ("| a | b |\n|---|---|\n", "| a | b |\n"),
    ],
)
def test_only_the_open_end_is_read_again(
    first: str, again: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def extract_placeholders(text: str, *, growing: bool = False) -> ExtractedText:
        read.append(len(text))
        return placeholder_extraction.extract_placeholders(text, growing=growing)

    monkeypatch.setattr("conversations.rendering.blocks.extract_placeholders", extract_placeholders)
    stream = fed(first, *[again] * 200)
    assert stream.open
    assert max(read) < 100


@pytest.mark.parametrize("name", HEAVY)
def test_twice_the_text_takes_about_twice_the_work(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def extract_placeholders(text: str, *, growing: bool = False) -> ExtractedText:
        read.append(len(text))
        return placeholder_extraction.extract_placeholders(text, growing=growing)

    def work(size: int) -> int:
        read.clear()
        stream, text = BlockStream("m1"), pathological_inputs(size)[name]
        for start in range(0, size, 5):
            stream.feed(text[start : start + 5])
            assert stream.live
        return sum(read)

    for module in ("blocks", "incomplete_markdown"):
        monkeypatch.setattr(
            f"conversations.rendering.{module}.extract_placeholders", extract_placeholders
        )
    assert work(16_000) < 2.5 * work(8_000)

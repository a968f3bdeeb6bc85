"""What a browser is sent."""

import pytest
from hypothesis import given, settings

from conversations.rendering import BlockStream
from conversations.rendering.html_diff import DomPatch, HighlightPatch, diff_html
from conversations.rendering.patches import PatchCursor
from tests.rendering.dom import PageElement, parse, same
from tests.rendering.examples import EXAMPLES
from tests.rendering.test_blocks import cut, seeds, texts


class Browser:
    """Follows a stream as a browser does."""

    def __init__(self, stream: BlockStream) -> None:
        self.stream = stream
        self.cursor = PatchCursor()
        self.page = PageElement()
        self.sent = 0

    def advance(self, *, flush: bool) -> None:
        for patch in self.cursor.advance(self.stream, flush=flush):
            self.sent += len(patch.html)
            self.page.apply(patch)

    def is_up_to_date(self) -> bool:
        return same(self.page.html(), "".join(self.stream.finished) + self.stream.open)


def follow(pieces: list[str]) -> None:
    stream = BlockStream("m1")
    eager, lazy = Browser(stream), Browser(stream)
    for piece in pieces:
        stream.feed(piece)
        eager.advance(flush=True)
        assert eager.is_up_to_date()
        lazy.advance(flush=False)
    stream.close()
    lazy.advance(flush=True)
    assert lazy.is_up_to_date()


@settings(max_examples=200, deadline=None)
@given(text=texts, seed=seeds)
def test_patches_bring_a_page_to_what_the_stream_has(text: str, seed: int) -> None:
    follow(cut(text, seed))


@pytest.mark.parametrize("section", EXAMPLES)
def test_examples_are_followed_character_by_character(section: str) -> None:
    for text in EXAMPLES[section]:
        follow(list(text))


SENTENCE = "A sentence with **bold words**, `code` and a [link](https://example.com). "


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("prose", (SENTENCE * 4 + "\n\n") * 30),
        ("one paragraph", SENTENCE * 100),
        ("fence", "```python\n" + "x = f(1)  # why\n" * 500 + "```\n"),
        ("fences", ("```python\ndef f(x):\n    return 1\n```\n\n" + SENTENCE + "\n\n") * 30),
        ("list", f"- {SENTENCE}\n" * 100),
        ("nested", f"1. {SENTENCE}\n   - {SENTENCE}\n   - b\n" * 40),
        ("table", "| a | b |\n|---|---|\n" + "| **x** | $y$ |\n" * 100),
        ("quote", f"> {SENTENCE}\n>\n" * 60),
        ("details", f"<details>\n\n{f'{SENTENCE}{chr(10) * 2}' * 60}</details>\n"),
    ],
)
def test_what_is_sent_is_little_more_than_the_html(kind: str, text: str) -> None:
    browser = Browser(BlockStream("m1"))
    for start in range(0, len(text), 20):
        browser.stream.feed(text[start : start + 20])
        browser.advance(flush=False)
    html = browser.stream.close()
    browser.advance(flush=True)
    assert browser.sent < 1.6 * len(html)


def test_a_large_replacement_waits_until_it_has_grown_or_is_asked_for() -> None:
    stream, cursor = BlockStream("m1"), PatchCursor()
    stream.feed("[a] " + "word " * 110)
    assert [it.swap for it in cursor.advance(stream)] == ["beforeend"]
    stream.feed("\n\n[a]: https://x.y")  # which makes a link of the paragraph's first word
    assert cursor.advance(stream) == []
    assert [it.swap for it in cursor.advance(stream, flush=True)] == ["outerHTML"]


PYTHON = "```python\nif x:\n```\n\n"
PLAIN, COLOURED = "if x:", '<span class="k">if</span> x:'


def coloured(html: str) -> str:
    return html.replace(PLAIN, COLOURED)


def test_colours_that_come_later_are_sent_alone() -> None:
    browser = Browser(BlockStream("m1"))
    browser.stream.feed(f"- a\n- b\n\n{PYTHON}After\n\n{PYTHON}")
    browser.advance(flush=True)
    last = len(browser.stream.finished) - 1
    browser.stream.replace(last, coloured(browser.stream.finished[last]))
    (change,) = browser.cursor.advance(browser.stream)
    assert change == HighlightPatch(4, COLOURED)
    browser.page.apply(change)
    assert browser.is_up_to_date()


def test_colours_that_come_before_the_block_is_shown_are_shown_with_it() -> None:
    stream, cursor = BlockStream("m1"), PatchCursor()
    stream.feed(PYTHON)
    stream.replace(0, coloured(stream.finished[0]))
    assert "".join(change.html for change in cursor.advance(stream)) == stream.finished[0]
    assert COLOURED in stream.finished[0]


def test_colours_are_sent_once() -> None:
    browser = Browser(BlockStream("m1"))
    browser.stream.feed(PYTHON)
    browser.advance(flush=True)
    browser.stream.replace(0, coloured(browser.stream.finished[0]))
    browser.advance(flush=False)
    assert browser.cursor.advance(browser.stream, flush=True) == []


def test_colours_are_put_into_the_code_of_their_block() -> None:
    change = HighlightPatch(4, COLOURED)
    assert change.selector("#m1-body") == "#m1-body > :nth-child(4) code"
    assert change.swap == "innerHTML"


@pytest.mark.parametrize(
    ("shown", "wanted", "patches"),
    [
        ("", "<p>a</p>", [DomPatch("append", (), "<p>a</p>")]),
        ("<p>a</p>", "<p>ab</p>", [DomPatch("append", ("p",), "b")]),
        ("<p>a</p>", "<p>a</p><p>b</p>", [DomPatch("append", (), "<p>b</p>")]),
        ("<ul><li>a</li></ul>", "<ul><li>a</li><hr></ul>", [DomPatch("append", ("ul",), "<hr>")]),
        ("<p>a<a>b</a></p>", "<p>a<i>b</i></p>", [DomPatch("replace", ("p", "a"), "<i>b</i>", 8)]),
        ("<p>a</p><p>b</p>", "<p>a</p>", [DomPatch("delete", ("p",))]),
        ("<p>&lt;</p>", "<p>&amp;</p>", [DomPatch("replace", ("p",), "<p>&amp;</p>", 11)]),
        ("<p>a</p>", "<p>a</p>", []),
    ],
)  # fmt: skip
def test_differences(shown: str, wanted: str, patches: list[DomPatch]) -> None:
    assert diff_html(shown, wanted) == patches


def test_a_patch_names_its_element_and_its_swap() -> None:
    patch = DomPatch("append", ("ul", "li"), "a")
    assert patch.selector("#m1-body") == "#m1-body > ul:last-child > li:last-child"
    assert [DomPatch(it, ()).swap for it in ("append", "replace", "delete")] == [
        "beforeend",
        "outerHTML",
        "delete",
    ]


def test_the_page_in_miniature_notices_a_wrong_patch() -> None:
    page = parse("<p>a</p>")
    with pytest.raises((AssertionError, IndexError)):
        page.apply(DomPatch("append", ("p", "em"), "b"))

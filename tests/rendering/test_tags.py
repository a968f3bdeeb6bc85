"""Raw HTML tags that are harmless."""

import pytest

from conversations.rendering import BlockStream
from tests.rendering.dom import html

NESTED = "<ol><li>a<ul><li>b</li></ul></li></ol>"
LIST = "<ul><li>a</li><li>b</li></ul>"


@pytest.mark.parametrize(
    "name", ["b", "strong", "i", "em", "u", "s", "del", "ins", "small", "mark", "code", "q", "var"]
)
def test_tags_of_type_are_tags(name: str) -> None:
    assert html(f"x <{name}>*a*</{name}>") == f"<p>x <{name}><em>a</em></{name}></p>"
    assert html(f"<{name.upper()}>a</{name.upper()}>") == f"<p><{name}>a</{name}></p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LIST, f"<div>{LIST}</div>"),
        ("<ul>\n  <li>a</li>\n    <li>b</li>\n</ul>", f"<div>{LIST}</div>"),
        ("<ul>\n<li>a\n<li>b\n</ul>", "<div><ul><li>a<br></li><li>b<br></li></ul></div>"),
        (f"x {LIST} y", f"<div>x {LIST} y</div>"),
        (NESTED, f"<div>{NESTED}</div>"),
        ("<p>a</p>\n<p>b</p>", "<div><p>a</p><p>b</p></div>"),
        ("a\n<hr>\nb", "<div>a<hr>b</div>"),
        (f"- {LIST}\n- c", f"<ul><li><div>{LIST}</div></li><li>c</li></ul>"),
    ],
)
def test_lists_paragraphs_and_rules_are_tags(text: str, expected: str) -> None:
    assert html(text) == expected


def test_a_cell_may_hold_a_list() -> None:
    assert f"<td>{LIST}</td>" in html(f"| a |\n|---|\n| {LIST} |")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use the <b> tag", "<p>use the &lt;b&gt; tag</p>"),
        ("List<i> and <ul>", "<p>List&lt;i&gt; and &lt;ul&gt;</p>"),
        ("the <hr> tag", "<p>the &lt;hr&gt; tag</p>"),
        ("<li>a</li>", "<p>&lt;li&gt;a&lt;/li&gt;</p>"),
        ("</ul></b>", "<p>&lt;/ul&gt;&lt;/b&gt;</p>"),
        ("*<ul>a</ul>*", "<p><em>&lt;ul&gt;a&lt;/ul&gt;</em></p>"),
        ("# <ul>a</ul>", "<h3>&lt;ul&gt;a&lt;/ul&gt;</h3>"),
    ],
)
def test_a_tag_out_of_place_is_text(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>a **c</b> d**", "<p><b>a <strong>c&lt;/b&gt; d</strong></b></p>"),
        ("<ul>\nx\n<li>a", "<div><ul><li>x<br></li><li>a</li></ul></div>"),
        ("<ul><ol>a</ol></ul>", "<div><ul><li><ol><li>a</li></ol></li></ul></div>"),
        ("<p>a<ul><li>b</li></ul>", "<div><p>a</p><ul><li>b</li></ul></div>"),
    ],
)
def test_tags_are_balanced_whatever_was_typed(text: str, expected: str) -> None:
    assert html(text) == expected


def test_a_tag_counts_before_its_end_has_come() -> None:
    stream = BlockStream("m1")
    stream.feed("a <b>bold")
    assert stream.open == "<p>a <b>bold</b></p>"

"""Markdown's elements as HTML."""

import re

import pytest

from tests.rendering.dom import html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"),
        ("a  \nb\nc\\\nd", "<p>a<br>b<br>c<br>d</p>"),
        ("# a\n## b\n### c", "<h3>a</h3><h4>b</h4><h5>c</h5>"),
        ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
        ("> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"),
        ('"quoted" -- text', '<p>"quoted" -- text</p>'),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- *a* b\n- c\n  - d", "<ul><li><em>a</em> b</li><li>c<ul><li>d</li></ul></li></ul>"),
        ("H<sub>2</sub>O<br/>", "<p>H<sub>2</sub>O<br></p>"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
    ],
)
def test_common_elements(text: str, expected: str) -> None:
    assert html(text) == expected


def test_blank_lines_between_items_do_not_change_the_items() -> None:
    assert html("- a\n\n- b") == html("- a\n- b") == "<ul><li>a</li><li>b</li></ul>"


def test_an_item_of_several_paragraphs_has_paragraphs() -> None:
    assert html("- a\n\n  b\n- c") == "<ul><li><p>a</p><p>b</p></li><li>c</li></ul>"


def test_tasks_have_disabled_boxes() -> None:
    box = '<li class="task"><input type="checkbox" disabled=""'
    assert html("- [ ] a\n- [x] b") == f'<ul>{box}>a</li>{box} checked="">b</li></ul>'


@pytest.mark.parametrize(
    ("levels", "shown"),
    [("1 4 2 1 6", "3 4 4 3 4"), ("3 2 1", "3 3 3"), ("2 3 4 5 6", "3 4 5 6 6")],
)
def test_headings_skip_no_level(levels: str, shown: str) -> None:
    found = html("\n".join(f"{'#' * int(level)} x" for level in levels.split()))
    assert re.findall("<h(.)>", found) == shown.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a\n  b", "<ul><li>a<br>b</li></ul>"),
        ("a<br>\nb", "<p>a<br>b</p>"),
        ("a\n    b", "<p>a<br>b</p>"),
    ],
)
def test_the_lines_of_prose_stay_lines(text: str, expected: str) -> None:
    assert html(text) == expected


def test_a_display_formula_is_followed_by_no_empty_line() -> None:
    assert "</math>b" in html("- a\n  $$x$$\n  b")


def test_footnotes_link_there_and_back_with_prefixed_ids() -> None:
    assert html("a[^x]\n\n[^x]: b") == (
        '<p>a<sup class="footnote-mark" id="m1-cite-1"><a href="#m1-note-1">1</a></sup></p>'
        '<div class="footnote" id="m1-note-1"><span class="footnote-number">1</span><p>b</p>'
        '<a class="footnote-back" href="#m1-cite-1">↩</a></div>'
    )


def test_only_the_first_mark_of_a_footnote_has_an_id() -> None:
    assert html("a[^x] b[^x]\n\n[^x]: c").count('id="m1-cite-1"') == 1


def test_details_hold_blocks() -> None:
    assert html("<details>\n<summary>*S*</summary>\n\na\n\n- b\n\n</details>\n\nc") == (
        "<details><summary><em>S</em></summary><p>a</p><ul><li>b</li></ul></details><p>c</p>"
    )


def test_details_that_are_never_closed_end_with_what_is_around_them() -> None:
    assert html("<details open>\n\na") == '<details open=""><p>a</p></details>'
    inside = "<details><p>b</p></details>"
    assert html("- a\n\n  <details>\n\n  b\n- c") == f"<ul><li>a{inside}</li><li>c</li></ul>"


def test_harmless_tags_are_balanced() -> None:
    assert html("*a <u>b* c</u>") == "<p><em>a <u>b</u></em> c&lt;/u&gt;</p>"


def test_other_tags_are_text_as_typed() -> None:
    assert html('<a href="_x_">*y*</a>') == '<p>&lt;a href="_x_"&gt;<em>y</em>&lt;/a&gt;</p>'


def test_html_does_not_keep_markdown_from_being_read() -> None:
    assert (
        html("<div>\n**a**\n</div>") == "<p>&lt;div&gt;<br><strong>a</strong><br>&lt;/div&gt;</p>"
    )


def test_nesting_without_end_is_cut_off() -> None:
    assert html("> " * 10_000 + "deep").count("<blockquote>") < 100

"""Colours for code in HTML that was rendered plain."""

import pytest
from pygments.lexers import get_all_lexers
from pygments.token import STANDARD_TYPES

from conversations.highlighting.lexing import PLAIN
from conversations.rendering import code
from conversations.rendering.code_blocks import (
    Code,
    find_code,
    find_highlighted,
    insert_highlighted,
    is_code_block,
    to_html,
)
from conversations.rendering.languages import CLASSES, LANGUAGES
from tests.rendering.dom import html

IF = Code("python", "if a &lt; b:")
COLOURED = '<span class="k">if</span> a <span class="o">&lt;</span> b:'
TEXT = "```python\nif a < b:\n```"


@pytest.mark.parametrize("text", [TEXT, f"- one\n\n  {TEXT.replace(chr(10), chr(10) + '  ')}"])
def test_code_is_found_wherever_it_stands(text: str) -> None:
    assert find_code(html(text)) == [IF]


@pytest.mark.parametrize("text", ["```\nx\n```", "```klingon\nx\n```", "`x`", "    x"])
def test_code_in_no_language_is_not_looked_for(text: str) -> None:
    assert find_code(html(text)) == []


@pytest.mark.parametrize("text", ["<p>&amp;lt;</p>\u00a0;", "a&nbsp;b", "</code></pre>"])
def test_the_text_of_code_is_what_was_written(text: str) -> None:
    (found,) = find_code(html(f"```html\n{text}\n```"))
    assert found.text == text


def test_a_block_is_of_code_where_there_is_nothing_else() -> None:
    assert is_code_block(html(TEXT))
    assert not is_code_block(html(f"> {TEXT.replace(chr(10), chr(10) + '> ')}"))


def test_runs_become_spans() -> None:
    assert to_html(IF, [("k", 2), ("", 3), ("o", 1), ("", 3)]) == COLOURED


@pytest.mark.parametrize("name", ['"><img src=x>', "code-copy", "K", "k o"])
def test_only_known_classes_are_taken_from_runs(name: str) -> None:
    assert to_html(IF, [(name, 2), ("o", 9)]) == 'if<span class="o"> a &lt; b:</span>'


@pytest.mark.parametrize("runs", [[("k", 2)], [("", 11)], []])
def test_runs_of_other_code_or_without_a_class_are_dropped(runs: list[tuple[str, int]]) -> None:
    assert to_html(IF, runs) is None


def test_colours_are_put_into_all_blocks_of_that_code() -> None:
    page = insert_highlighted(html(f"{TEXT}\n\n- x\n\n{TEXT}"), {IF: COLOURED})
    assert page.count(COLOURED) == 2


def test_the_same_code_in_another_language_stays_plain() -> None:
    page = html(TEXT.replace("python", "ruby"))
    assert insert_highlighted(page, {IF: COLOURED}) == page


def test_html_of_another_version_keeps_its_colours() -> None:
    earlier = insert_highlighted(html(TEXT), {IF: COLOURED})
    assert find_highlighted(earlier) == {IF: COLOURED}
    assert html(f"New\n\n{TEXT}", earlier).endswith(f"{COLOURED}{code.CLOSE}")


def test_only_allowed_classes_are_kept() -> None:
    earlier = html(TEXT).replace("if a", '<span class="evil" onclick="x">if</span> a')
    assert "evil" not in html(TEXT, earlier)
    assert "onclick" not in html(TEXT, earlier)


def test_code_that_is_plain_stays_plain() -> None:
    assert html(TEXT, html(TEXT)) == html(TEXT)


def test_the_languages_are_those_that_pygments_knows() -> None:
    """If this fails after an upgrade: languages.txt holds these names, separated by spaces."""
    known = {name for _, names, _, _ in get_all_lexers(plugins=False) for name in names}
    assert {name for name in known if name == code.read_language(name)} == LANGUAGES


def test_the_classes_are_those_that_pygments_knows() -> None:
    assert set(STANDARD_TYPES.values()) - PLAIN == CLASSES

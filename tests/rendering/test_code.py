"""Code blocks."""

import re
from html import unescape

import pytest

from conversations.rendering import highlight, render
from tests.rendering.dom import parse

BAR = (
    '<div class="code"><div class="code-bar"><span class="code-language">{}</span>'
    '<button type="button" class="code-copy" data-copy-code=""></button></div><pre tabindex="0">'
)


def html(text: str) -> str:
    return render(text, prefix="m1")


def test_a_block_has_a_bar_and_colours() -> None:
    assert html("```python\nif x: pass\n```") == (
        BAR.format("python") + '<code class="language-python"><span class="k">if</span> x: '
        '<span class="k">pass</span></code></pre></div>'
    )


@pytest.mark.parametrize("text", ["```\na <b>\n```", "    a <b>", "~~~\na <b>\n~~~"])
def test_without_a_language_it_is_plain(text: str) -> None:
    assert html(text) == BAR.format("") + "<code>a &lt;b&gt;</code></pre></div>"


def test_an_unknown_language_is_a_label_only() -> None:
    assert html("```klingon\nx\n```") == BAR.format("klingon") + "<code>x</code></pre></div>"


@pytest.mark.parametrize("info", ['"><script>', "js onload=x", "{.js}", "js:main.js"])
def test_a_label_is_one_plain_word(info: str) -> None:
    label = parse(html(f"```{info}\nx\n```")).html().partition('code-language">')[2]
    assert label.partition("<")[0].isalpha()


def test_long_code_stays_plain() -> None:
    code = "x = 1\n" * (highlight.LONGEST // 6 + 1)
    assert '<span class="mi">' in html(f"```python\n{code[:600]}```")
    assert '<span class="mi">' not in html(f"```python\n{code}```")


@pytest.mark.parametrize("language", ["python", "html", "console", "json", "diff", "php", "text"])
def test_colours_change_no_character(language: str) -> None:
    code = "\n\n  $ a <b x='&lt;'>\t\"c\" # d\r\n+ é\x0b"
    assert unescape(re.sub("<[^>]*>", "", highlight.highlighted(code, language))) == code


def test_every_class_is_one_that_style_sheets_may_rely_on() -> None:
    found = html("```python\n@a\nclass B(C):\n    '''d'''\n    x: int = f'{1}'  # e\n```")
    classes = {it.attributes.get("class", "") for it in parse(found).elements() if it.tag == "span"}
    assert classes - {"code-language"} <= highlight.CLASSES

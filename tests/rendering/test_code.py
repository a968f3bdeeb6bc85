"""Code blocks."""

import pytest

from tests.rendering.dom import html, parse

BAR = (
    '<div class="code"><div class="code-bar"><span class="code-language">{}</span>'
    '<button type="button" class="code-copy" data-copy-code=""></button></div><pre tabindex="0">'
)


def test_a_block_has_a_bar_and_the_plain_code() -> None:
    assert html("```python\nif x: pass\n```") == (
        BAR.format("python") + '<code class="language-python">if x: pass</code></pre></div>'
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

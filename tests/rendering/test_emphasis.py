"""Emphasis next to punctuation."""

import pytest

from conversations.rendering import render


def html(text: str) -> str:
    return render(text, prefix="m1").removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**注意：**请备份。", "<strong>注意：</strong>请备份。"),
        ("**甲：**乙，**丙：**丁", "<strong>甲：</strong>乙，<strong>丙：</strong>丁"),
        ("请看**“重点”**部分", "请看<strong>“重点”</strong>部分"),
        ("これは**「重要」**です", "これは<strong>「重要」</strong>です"),
        ("**스크립트(script)**는", "<strong>스크립트(script)</strong>는"),
        ("**ＡＢ（一）**ｃ", "<strong>ＡＢ（一）</strong>ｃ"),
        ("*注：*请", "<em>注：</em>请"),
        ("~~旧：~~新", "<del>旧：</del>新"),
        ("***注：***请", "<em><strong>注：</strong></em>请"),
        ("**`code`**是", "<strong><code>code</code></strong>是"),
        ("是**`a`和`b`**的", "是<strong><code>a</code>和<code>b</code></strong>的"),
    ],
)
def test_cjk_text_needs_no_space_around_emphasis(text: str, expected: str) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('**"x"**y', '<strong>"x"</strong>y'),
        ("**Note:**text and **b!**c", "<strong>Note:</strong>text and <strong>b!</strong>c"),
        ("**f(x)**is *(y)*z", "<strong>f(x)</strong>is <em>(y)</em>z"),
        ("**ข้อควรระวัง:**โปรด", "<strong>ข้อควรระวัง:</strong>โปรด"),
        ("**`foo`**s", "<strong><code>foo</code></strong>s"),
    ],
)
def test_punctuation_before_the_end_of_emphasis_does_not_keep_it_open(
    text: str, expected: str
) -> None:
    assert html(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x**(2) + y**(3)", "x**(2) + y**(3)"),
        ('say "**b**" twice', 'say "<strong>b</strong>" twice'),
        ("(**a**)b (*c*)d", "(<strong>a</strong>)b (<em>c</em>)d"),
        ("**a (**b** c", "**a (<strong>b</strong> c"),
        ("a_b_：_c", "a_b_：_c"),
        ("`**注：**请`", "<code>**注：**请</code>"),
        ("\\*注：*请", "*注：*请"),
        ("** 注：**请", "** 注：**请"),
    ],
)
def test_what_is_no_emphasis_stays_none(text: str, expected: str) -> None:
    assert html(text) == expected


def test_code_in_a_list_keeps_its_asterisks() -> None:
    assert "**注：**请" in html("- a\n\n      **注：**请")

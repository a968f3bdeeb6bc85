"""Formulas, and what only looks like one."""

import pytest

from conversations.rendering import BlockStream
from tests.rendering.dom import html


def inline(inside: str) -> str:
    return f'<span class="math"><math display="inline">{inside}</math></span>'


X = "<mi>x</mi>"


@pytest.mark.parametrize("text", ["$x$", r"\(x\)", r"\( x \)"])
def test_formulas_in_a_line(text: str) -> None:
    assert html(f"a {text} b") == f"<p>a {inline(X)} b</p>"


@pytest.mark.parametrize("text", ["$$x$$", "$$\nx\n$$", r"\[x\]", "\\[\nx\n\\]"])
def test_formulas_on_their_own(text: str) -> None:
    assert html(text) == f'<p><math display="block">{X}</math></p>'


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10",
        "$5-$10",
        "$5/$6",
        "from $5 to 6$ or so",
        "US$5 and A$6",
        "$HOME:$PATH",
        "$ x $",
        "a $$ b",
        "\\$x\\$",
    ],
)
def test_prices_and_other_signs_are_text(text: str) -> None:
    assert "<math" not in html(text)
    assert html(text) == f"<p>{text.replace(chr(92), '')}</p>"


@pytest.mark.parametrize("text", ["`$x$`", "```\n$x$ \\(x\\) $$x$$\n```", "    $x$"])
def test_code_keeps_its_signs(text: str) -> None:
    assert "<math" not in html(text)
    assert "$x$" in html(text)


def test_a_word_may_follow_as_in_nth() -> None:
    assert html("the $n$th") == f"<p>the {inline('<mi>n</mi>')}th</p>"


def test_markdown_does_not_reach_into_formulas() -> None:
    assert "<em>" not in html("$a*b$ and $c*d$, \\(a_1\\) and \\(b_1\\)")
    assert html("$$\na\n- b\n= c\n$$").count("<mi>") == 3


def test_a_formula_may_stand_in_a_cell_with_a_bar() -> None:
    assert html("| a |\n|---|\n| $|x|$ |").count("<td>") == 1


def test_formulas_stand_in_quotes_and_items() -> None:
    assert X in html("> $$\n> x\n> $$")
    assert X in html("1. a\n   \\[\n   x\n   \\]")


@pytest.mark.parametrize("tex", [r"\unknown{x}", r"\frac{", r"\left( a", "{" * 900 + "}" * 900])
def test_what_cannot_be_converted_is_shown_as_typed(tex: str) -> None:
    assert html(f"$${tex}$$") == f'<p><code class="math-source">$${tex}$$</code></p>'


def test_text_in_a_formula_is_escaped() -> None:
    assert "<mtext>&lt;b&gt;</mtext>" in html(r"$\text{<b>}$")


BLANK = "$$\na = b\n\n+ c\n$$"
ALIGN = "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}"


@pytest.mark.parametrize("text", [BLANK, "\\[\n\na\n\n\\]", "- x\n\n  $$\n  a\n\n  b\n  $$"])
def test_a_formula_that_is_a_block_may_hold_blank_lines(text: str) -> None:
    assert '<math display="block">' in html(text)
    assert "$$" not in html(text)


@pytest.mark.parametrize("name", ["align", "align*", "equation", "gather*", "multline", "eqnarray"])
def test_a_bare_environment_is_a_formula(name: str) -> None:
    drawn = html(f"So\n\n\\begin{{{name}}}\na = b\n\\end{{{name}}}\n\nand on")
    assert drawn.count('<math display="block">') == 1
    assert "begin" not in drawn


def test_a_formula_on_its_own_line_is_a_block_of_its_own() -> None:
    drawn = f'<p><math display="block">{X}</math></p>'
    assert html("a\n$$x$$\nb") == f"<p>a</p>{drawn}<p>b</p>"
    assert html("$$x$$\n" * 3) == drawn * 3


def test_a_bare_environment_stands_in_items_and_quotes() -> None:
    assert html(f"- {ALIGN}").count("<mtr>") == 2
    assert html("> " + ALIGN.replace("\n", "\n> ")).count("<mtr>") == 2


@pytest.mark.parametrize("text", [f"`{ALIGN[:13]}`", f"```\n{ALIGN}\n```", f"a {ALIGN[:13]} b"])
def test_the_name_of_an_environment_elsewhere_is_text(text: str) -> None:
    assert "<math" not in html(text)
    assert "begin{align}" in html(text)


@pytest.mark.parametrize(
    "after",
    [
        "# Heading",
        "This is a sentence.",
        "这是一句话。",
        "So \\(a\\)",
        "- one\n- two",
        "| a |\n|---|",
        "```\na\n```",
    ],
)
def test_an_opener_without_a_closer_swallows_nothing(after: str) -> None:
    rest = html(after)
    assert html(f"$$ x\n\n{after}\n\n$$y$$").startswith(f"<p>$$ x</p>{rest}")


def test_each_environment_ends_with_its_own_name() -> None:
    text = "\\begin{align}\na\n\\end{gather}\n\nb"
    assert "<math" not in html(text)
    assert html(text).endswith("<p>b</p>")


@pytest.mark.parametrize("text", [BLANK, ALIGN, f"{BLANK}\n\n{ALIGN}\n\n\\[\n\nx\n\\]\n\nend"])
@pytest.mark.parametrize("step", [1, 5, 13])
def test_a_formula_that_is_being_written_is_never_shown_in_parts(text: str, step: int) -> None:
    stream = BlockStream("m1")
    for start in range(0, len(text), step):
        stream.feed(text[start : start + step])
        shown = "".join(stream.finished) + stream.open
        assert "math-source" not in shown
        assert "<br>c" not in shown
    assert stream.close() == html(text)

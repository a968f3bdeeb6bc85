"""Formulas, and what only looks like one."""

import pytest

from conversations.rendering import render


def html(text: str) -> str:
    return render(text, prefix="m1")


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

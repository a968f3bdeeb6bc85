"""What is not drawn: the reader sees the TeX as it was typed."""

import pytest

from conversations.rendering.math import LONGEST, render_formula


def is_source(tex: str, *, inline: bool = False) -> bool:
    html = render_formula(tex, "inline" if inline else "block", f"$${tex}$$")
    return html.startswith('<code class="math-source">$$')


@pytest.mark.parametrize(
    "tex",
    [
        r"\def\a{x}\a",
        r"\newcommand{\a}{\a\a}\a",
        r"\let\a\b",
        r"\gdef\a#1{#1#1}\a{\a{x}}",
        r"\renewcommand{\frac}[2]{x}\frac{a}{b}",
        r"\DeclareMathOperator{\a}{a}",
        r"\global\def\a{b}",
        "#1",
    ],
)
def test_macros_are_not_expanded(tex: str) -> None:
    assert is_source(tex)


@pytest.mark.parametrize(
    "tex",
    [
        r"\hspace{9999em}x",
        r"\rule{9999em}{9999em}",
        r"\rule{1em}{9999em}",
        r"\kern9999em x",
        r"\mkern99999mu x",
        r"\hskip 1e9em x",
        r"\hskip 1em plus 1fill x",
        r"\raisebox{9999em}{x}",
        r"\begin{aligned} a \\[9999em] b \end{aligned}",
        r"\mspace{99999mu}",
        r"\hspace{1000000in}",
        r"\hspace{9\text{9}em}",
    ],
)
def test_a_length_that_would_break_the_page_is_not_drawn(tex: str) -> None:
    assert is_source(tex)


@pytest.mark.parametrize(
    "tex",
    [
        r"a & b \begin{matrix} c",
        r"a } b",
        r"\begin{matrix} a \end{pmatrix}",
        r"\begin{gathered} a & b \end{gathered}",
        r"\begin{cases} a & b & c \end{cases}",
        r"\begin{array}{c} a & b \end{array}",
        r"\begin{equation} a \\ b \end{equation}",
        r"a \over b \over c",
        r"x_1_2",
        r"\left( a",
        r"a \right)",
        r"\begin{aligned} a \\[b] c \end{aligned}",
        r"\text{a & b}",
        r"\text{50% off}",
        "50% off",
        r"\sqrt",
        r"x^",
        "^^41",
    ],
)
def test_what_tex_refuses_is_not_drawn(tex: str) -> None:
    assert is_source(tex)


@pytest.mark.parametrize(
    "tex",
    [
        r"\unknown",
        r"\begin{tikzcd} a \end{tikzcd}",
        r"\href{https://evil.example}{x}",
        r"\includegraphics{x}",
        r"\htmlStyle{color: red}{x}",
        r"\ce{H2O}",
        r"\eqref{a}",
        r"\color{#ff0000} x",
        r"\boldsymbol{a + b}",
        r"\mathop{a}_b",
        r"\begin{array}{p{2cm}} a \end{array}",
        r"\begin{array}{c} \hline\hline a \end{array}",
        "x\u0302",
        "a\ue000b",
        "a\u202eb",
    ],
)
def test_what_would_not_come_out_right_is_not_drawn(tex: str) -> None:
    assert is_source(tex)


@pytest.mark.parametrize(
    "tex",
    [
        "{" * 40 + "}" * 40,
        r"\sqrt" * 40 + "x",
        r"\sqrt{" * 40 + "x" + "}" * 40,
        r"\left(" * 40 + "x" + r"\right)" * 40,
        r"\begin{matrix}" * 40 + r"\end{matrix}" * 40,
        r"\sin" * 40 + "x",
        r"\sin(" * 40 + "x" + ")" * 40,
        r"\displaystyle" * 40 + "x",
        r"\color{red}" * 40 + "x",
        "x^{" * 40 + "}" * 40,
        r"\text{" * 40 + "x" + "}" * 40,
        r"\text{$" * 20 + "x" + "$}" * 20,
        r"{a \over " * 40 + "b" + "}" * 40,
        r"\not" * 40 + "=",
    ],
)
def test_what_is_nested_too_deep_is_not_drawn(tex: str) -> None:
    assert is_source(tex)


@pytest.mark.parametrize("sign", [r"\sum ", "∑", r"\int_0^1 ", r"\lgroup "])
def test_a_long_run_of_operators_is_not_drawn(sign: str) -> None:
    assert is_source(sign * 61 + "x")


@pytest.mark.parametrize("bracket", ["(", "[", r"\{", r"\langle "])
def test_many_brackets_that_nothing_closes_are_not_drawn(bracket: str) -> None:
    assert not is_source(bracket * 6 + "x")
    assert is_source(bracket * 7 + "x")
    assert is_source(rf"\sqrt{{{bracket * 4} x}}" * 2)


def test_long_sums_and_products_are_drawn() -> None:
    assert not is_source(" + ".join([r"\frac{a_{1}}{b}", r"\alpha_{1}"] * 99))
    assert not is_source(r"\sum_{i} x_i + " * 99 + "x")


def test_many_brackets_that_are_closed_are_drawn() -> None:
    assert not is_source("(a) [0, 1) " * 99)


def test_what_is_too_long_is_not_drawn() -> None:
    assert not is_source("x" * LONGEST)
    assert is_source("x" * (LONGEST + 1))


def test_rows_and_tags_have_no_place_in_a_line() -> None:
    assert is_source(r"a \\ b", inline=True)
    assert is_source(r"a \tag{1}", inline=True)


@pytest.mark.parametrize("tex", [r"\mathcal{abc}", r"\mathscr{1}", r"\mathit{12}"])
def test_letters_that_an_alphabet_has_not_are_not_drawn(tex: str) -> None:
    assert is_source(tex)

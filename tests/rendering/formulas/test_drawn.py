"""What TeX would draw, and that it is drawn so."""

import re

import pytest

from conversations.rendering.math import render_formula
from conversations.rendering.sanitise import sanitise_html


def draw(tex: str) -> str:
    html = render_formula(tex, "block", tex)
    assert html.startswith("<math"), html
    return html


def words(tex: str) -> str:
    """What can be read in a formula: no tags, and plain spaces."""
    return re.sub("<[^>]*>", "", draw(tex)).replace("&nbsp;", " ")


def rows(tex: str) -> list[str]:
    return [re.sub("<[^>]*>", "", row) for row in draw(tex).split("<mtr>")[1:]]


@pytest.mark.parametrize(
    "environment", ["align", "align*", "aligned", "pmatrix", "cases", "rcases"]
)
def test_each_row_of_an_environment_is_a_row(environment: str) -> None:
    tex = rf"\begin{{{environment}}} a & b \\ c & d \end{{{environment}}}"
    assert [re.sub(r"[^a-d]", "", row) for row in rows(tex)] == ["ab", "cd"]


@pytest.mark.parametrize("environment", ["gather", "gathered", "multline", "multline*"])
def test_rows_without_columns_are_rows_too(environment: str) -> None:
    assert rows(rf"\begin{{{environment}}} a \\ b \\ c \end{{{environment}}}") == ["a", "b", "c"]


def test_lines_without_an_environment_become_rows() -> None:
    assert rows(r"a = b \\ c = d") == ["a=b", "c=d"]


def test_the_gap_behind_a_row_is_a_gap_and_no_text() -> None:
    assert rows(r"\begin{aligned} a \\[4pt] b \\* c \end{aligned}") == ["a", "b", "c"]
    assert '<mspace depth="0.76em">' in draw(r"\begin{aligned} a \\[4pt] b \end{aligned}")


def test_a_bracket_that_begins_the_next_row_is_a_bracket() -> None:
    assert rows(r"\begin{aligned} a \\ [b] \end{aligned}") == ["a", "[b]"]


@pytest.mark.parametrize(
    ("tex", "read"),
    [
        (r"\text{50\% off}", "50% off"),
        (r"\text{a  b } c", "a b c"),
        (r"\text{R\&D, \$5, \#1, a\_b}", "R&amp;D, $5, #1, a_b"),
        (r"\text{if } x > 0", "if x&gt;0"),
        (r"\text{where $x^2$ is}", "where x2 is"),
        (r"\text{caf\'e na\"ive \ss}", "café naïve ß"),
        (r"\text{``a'' -- b's}", "“a” – b’s"),
        (r"\textbf{bold} \textit{it} \texttt{x}", "bolditx"),
        (r"\fbox{a b}", "a b"),
    ],
)
def test_text_reads_as_tex_sets_it(tex: str, read: str) -> None:
    assert words(tex) == read


def test_an_alphabet_is_that_alphabet() -> None:
    assert words(r"\mathsf{E}\mathbb{R}\mathfrak{g}\mathbf{x}\mathtt{t}") == "𝖤ℝ𝔤𝐱𝚝"
    assert words(r"\boldsymbol{\alpha}\bm{x}\boldsymbol{1}") == "𝜶𝒙𝟏"


def test_columns_are_aligned_in_turn_right_and_left() -> None:
    cells = re.findall(r"<mtd[^>]*>", draw(r"\begin{aligned} a &= b & c &= d \end{aligned}"))
    assert ["math-right" in cell for cell in cells] == [True, False, True, False]
    assert ["math-left" in cell for cell in cells] == [False, True, False, True]


def test_cases_are_aligned_left_behind_a_brace() -> None:
    html = draw(r"\begin{cases} a & b \\ c & d \end{cases}")
    assert html.count('<mtd class="math-left') == 4
    assert "<mo>{</mo><mtable" in html


def test_lines_of_an_array_are_drawn_between_its_cells() -> None:
    html = draw(r"\begin{array}{|c|c|} \hline a & b \\ \hline c \\ \hline \end{array}")
    assert html.count("<mtr>") == 2
    assert html.count("math-line-right") == 4
    assert html.count("math-line-above") == 3
    assert html.count("math-line-below") == 2


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("boxed", "math-boxed"),
        ("cancel", "math-struck-up"),
        ("bcancel", "math-struck-down"),
        ("xcancel", "math-struck-both"),
        ("overline", "math-overline"),
        ("underline", "math-underline"),
    ],
)
def test_what_mathml_core_lacks_is_drawn_by_a_class(command: str, name: str) -> None:
    assert f'<mrow class="{name}"><mi>x</mi></mrow>' in draw(rf"\{command}{{x}}")


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{align} a &= b \tag{1} \\ &= c \end{align}",
        r"\begin{array}{l|c:r} \hline a & b & c \\ \hdashline \end{array}",
        r"\cfrac{1}{2} \! \mathrel{a} \mathbin{b} \mathpunct{c} \mathinner{d} \color{red} x",
        r"\begin{multline} a \\ b \end{multline}",
        r"\cancel{a} \boxed{b} \overline{c} \rule{1em}{2pt} \textbf{d} \texttt{e}",
        r"\substack{a \\ b} \bigl( \sqrt[3]{x} \xrightarrow[a]{b} \hphantom{x} \vphantom{y}",
    ],
)
def test_the_sanitiser_leaves_what_is_drawn_as_it_is(tex: str) -> None:
    assert sanitise_html(draw(tex)) == draw(tex)


def test_nothing_needs_a_style_attribute() -> None:
    html = draw(r"\begin{array}{c|c} a \! b & \color{red} c \\ \hline \cfrac{1}{2} \end{array}")
    assert " style=" not in html


def test_a_tag_stands_beside_its_equation_and_numbers_are_left_out() -> None:
    assert words(r"E = mc^2 \tag{2.1}") == "E=mc2(2.1)"
    assert words(r"\begin{align} a \\ b \end{align}") == "ab"


def test_an_argument_without_braces_is_one_thing() -> None:
    assert draw(r"\frac12 x_\alpha^2 \sqrt x") == draw(r"\frac{1}{2} x_{\alpha}^{2} \sqrt{x}")


def test_a_fraction_between_its_parts_takes_all_of_its_group() -> None:
    assert draw(r"{a + b \over c} d") == draw(r"\frac{a + b }{ c} d")


def test_limits_of_an_operator_that_is_made_one_stand_below_it() -> None:
    assert "<munder>" in draw(r"\mathop{\mathrm{argmax}}\limits_{x} y")


def test_a_comment_that_ends_is_no_part_of_the_formula() -> None:
    assert words("a % b\n c") == "ac"


def test_columns_of_alignat_have_nothing_between_them() -> None:
    tex = r"\begin{alignat}{2} a &= b & c &= d \end{alignat}"
    assert '<mtable displaystyle="true" scriptlevel="0" class="math-joined">' in draw(tex)
    assert words(tex) == "a=bc=d"


def test_greek_capitals_are_upright_however_they_are_typed() -> None:
    assert draw("ΔΩ") == draw(r"\Delta\Omega")

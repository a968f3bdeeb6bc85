"""Tables: nothing typed is lost, columns run the right way, each has a name."""

import re

import pytest

from conversations.rendering import BlockStream, render
from tests.rendering.dom import html, parse

HEAD = "| a | b |\n|---|---|\n"


def cells(text: str) -> list[str]:
    return re.findall("<t[hd](?: [^>]*)?>(.*?)</t[hd]>", html(text))


def attributes(text: str, name: str) -> list[str]:
    tables = [it for it in parse(html(text)).elements() if it.tag == "table"]
    return [table.attributes[name] for table in tables]


def test_tables_scroll_and_align_by_class() -> None:
    assert html("| a | b |\n|:-:|--:|\n| 1 | *2* |") == (
        '<div class="table" role="region" tabindex="0" aria-label="a, b (1.1)">'
        '<table aria-label="a, b (1.1)" dir="ltr">'
        '<thead><tr><th class="align-center">a</th><th class="align-right">b</th></tr></thead>'
        '<tbody><tr><td class="align-center">1</td><td class="align-right"><em>2</em></td></tr>'
        "</tbody></table></div>"
    )


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ("| 1 | 2 | 3 | 4 |", ["1", "2 | 3 | 4"]),
        ("1|2|3", ["1", "2|3"]),
        ("| `x || y` | z |", ["<code>x || y</code>", "z"]),
        ("| ``a ` | b`` | c |", ["<code>a ` | b</code>", "c"]),
        ("| `a \\| b` | c | d |", ["<code>a | b</code>", "c | d"]),
        ("| ` | c |", ["`", "c"]),
    ],
)
def test_a_row_with_too_many_cells_loses_no_text(row: str, shown: list[str]) -> None:
    assert cells(HEAD + row)[2:] == shown


@pytest.mark.parametrize("row", ["||kept\n-|-", "kept|\n-|-", "1|2|kept\n|-|-|-|"])
def test_a_row_before_one_of_dashes_loses_no_text(row: str) -> None:
    assert "kept" in html(f"a|\n-|\n{row}")


@pytest.mark.parametrize(
    "text",
    [
        "|\n-|\n> _a_|b\n",
        "a|_b_\n> -|\n",
        "- [x] |a\n|-\n\n-\n",
        "a|b\n-|-\n- c|d|_e_|f\n",
        "- a|b\n  -|-\n\nx|y|z\n-|-|-\n1|2|3\n",
        "- a|b\n  -|-\nx|y|z\n-|-|-\n1|2|3\n",
    ],
)
def test_what_only_resembles_a_table_is_the_same_streamed(text: str) -> None:
    stream = BlockStream("m1")
    for character in text:
        stream.feed(character)
    assert stream.close() == render(text, prefix="m1")


def test_a_table_after_the_list_of_another_keeps_its_columns() -> None:
    text = "- a|b\n  -|-\nx|y|z\n-|-|-\n1|2|3\n"
    assert cells(text) == ["a", "b", "x", "y", "z", "1", "2", "3"]


def test_a_bar_in_code_in_the_head_makes_no_column() -> None:
    assert cells("| `x || y` | z |\n|---|---|\n| 1 | 2 |") == ["<code>x || y</code>", "z", "1", "2"]


def test_bars_of_two_cells_with_a_tick_each_stay_bars() -> None:
    assert cells(HEAD + "| ` | ` |")[2:] == ["`", "`"]


@pytest.mark.parametrize(
    "text",
    [
        "- [x] | a | b |\n  |---|---|\n  | 1 | 2 |",
        "1. [x] a | b\n   ---|---\n   1 | 2",
        "> - [x] | a | b |\n>   |---|---|\n>   | 1 | 2 |",
        "- [x]\n  | a | b |\n  |---|---|\n  | 1 | 2 |",
    ],
)
def test_a_box_before_a_table_stays(text: str) -> None:
    assert '<li class="task"><input type="checkbox" disabled="" checked=""><div' in html(text)
    assert cells(text) == ["a", "b", "1", "2"]


@pytest.mark.parametrize(
    ("head", "direction"),
    [("الاسم | العمر", "rtl"), ("שם | ID", "ltr"), ("מזהה | ID", "rtl"), ("a | b", "ltr")],
)
def test_columns_run_as_the_words_of_the_head_do(head: str, direction: str) -> None:
    assert attributes(f"| {head} |\n|---|---|\n| 1 | 2 |", "dir") == [direction]


def test_columns_under_numbers_alone_run_as_the_first_letter_does() -> None:
    assert attributes("| 1 | 2 |\n|---|---|\n| ا | ب |", "dir") == ["auto"]


def test_each_table_has_a_name_of_its_own() -> None:
    text = f"{HEAD}\n{HEAD}\n## Prices *now*\n\n{HEAD}\n- x\n\n  | c |\n  |---|"
    names = ["a, b (1.1)", "a, b (1.2)", "Prices now (1.3)", "Prices now (1.4)"]
    assert attributes(text, "aria-label") == names


def test_tables_of_two_messages_have_different_names() -> None:
    assert "(1.1)" in render(HEAD, prefix="m1")
    assert "(2.1)" in render(HEAD, prefix="m2")

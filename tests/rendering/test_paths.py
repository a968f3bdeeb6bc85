"""Windows paths keep their backslashes; escapes and formulas stay what they are."""

from html import unescape

import pytest

from conversations.rendering import render


def shown(text: str) -> str:
    return unescape(render(text, prefix="m1").removeprefix("<p>").removesuffix("</p>"))


@pytest.mark.parametrize(
    "path",
    [
        r"C:\Users\new\_temp",
        r"d:\_a\*.txt",
        r"C:\Program Files (x86)\_x\-y",
        r"\\server\share\_x",
        r"\\nas-1\c$\_x",
        r"%APPDATA%\_x",
        r"..\_x\.git",
        r"~\_x",
        r"HKLM\Software\_x",
        r"C:\$Recycle.Bin\$x",
        "C:\\Users\\",
    ],
)
def test_a_path_keeps_its_backslashes(path: str) -> None:
    assert shown(f"See {path} there") == f"See {path} there"
    assert shown(f'"{path}"') == f'"{path}"'
    assert shown(f"`{path}`") == f"<code>{path}</code>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"C:\\Users\\new", r"C:\Users\new"),
        (r"a\_b \*c\* \# 1\. x\~y", "a_b *c* # 1. x~y"),
        (r"Q:\*a\*", "Q:*a*"),
        (r"\\*a*", r"\<em>a</em>"),
        (r"https://x.y\_z", ""),
        (r"**C:\Users\_a**", r"<strong>C:\Users\_a</strong>"),
    ],
)
def test_an_escape_stays_an_escape(text: str, expected: str) -> None:
    assert shown(text) == expected or (not expected and r"\_" not in shown(text))


def test_a_formula_after_a_colon_is_a_formula() -> None:
    assert "<math" in shown(r"a:\(x\) and b:\[y\]")


def test_a_path_in_a_cell_leaves_the_bars() -> None:
    assert shown("| a | b |\n|---|---|\n| C:\\_x | y |").count("<td>") == 2

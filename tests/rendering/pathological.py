"""Inputs that have made Markdown parsers slow, at any size.

Those that cmark, commonmark.js, markdown-it and pulldown-cmark publish as their pathological ones,
and of our own what is long, deep or wide in what we add: formulas, raw tags, tables, streaming.
"""

from itertools import count
from string import Template

REPEATED = {
    "emphasis closers": "a_ ",
    "emphasis openers": "_a ",
    "link closers": "a]",
    "link openers": "[a",
    "mismatched emphasis": "*a_ ",
    "multiples of three": "c* ",
    "links and emphasis": "[ a_",
    "brackets and parentheses": "[ (](",
    "images": "![[]()",
    "unclosed links": "[a](<b",
    "unclosed links, bare": "[a](b",
    "links across lines": "[a](\n",
    "link labels": "[a][",
    "undefined links": "[a] ",
    "comments": "<!--",
    "instructions": "<?",
    "declarations": "<!A ",
    "sections of data": "<![CDATA[",
    "angles": "<",
    "addresses": "<a@b.c>",
    "half tags": "<a ",
    "tags": "<b>x</b>",
    "open tags": "<sub>",
    "details": "<details>\n",
    "details with a summary": "<details><summary>x</summary>",
    "ticks and backslashes": "`\\",
    "backslashes": "\\",
    "code spans": "`a` ",
    "ampersands": "&",
    "entities": "&#1;",
    "dollars": "$",
    "unclosed formulas": "$a ",
    "formulas": "$a$ ",
    "display formulas": "$$a\n",
    "display openers": "$$\n",
    "bracket openers": "\\[\n",
    "brackets on a line": "\\[",
    "parentheses": "\\(",
    "footnote marks": "[^1]",
    "nested footnotes": "[^1]: ",
    "one definition again and again": "[x]: u\n",
    "URLs": "https://a.b/c ",
    "URLs with parentheses": "https://x(",
    "pipes": "|",
    "lines of cells": "|a\n",
    "delimiters": "|-",
    "table heads": "a|b\n-|-\n",
    "almost table heads": "a|b\n",
    "dashes": "-\n",
    "list markers": "- + * 1. ",
    "quotes": "> ",
    "quoted lists": "> - a\n",
    "tasks": "- [x] a\n",
    "items": "- item\n",
    "items apart": "- item\n\n",
    "nested items": "- item\n  - sub\n",
    "headings": "# a\n",
    "empty headings": "#\n",
    "underlined headings": "a\n=\n",
    "rules": "---\n",
    "fences": "```\n",
    "whole fences": "```\na\n```\n",
    "tilde fences": "~~~\n",
    "indented code": "    a\n",
    "strikes": "~a~~ ",
    "stars": "a**",
    "stars and underscores": "**_a",
    "CJK emphasis": "**注意：**请。",
    "lines": "a\n",
    "blank lines": "\n",
    "spaces": " ",
    "words": "word ",
    "bold words": "**bold** and ",
    "links": "[a](https://b.c) ",
    "paragraphs": "A sentence with **bold words**.\n\n",
    "definitions": "a\n: b\n",
    "null characters": "\x00",
    "combining marks": "\u0301",
    "Windows paths": "C:\\a\\_b ",
}
COUNTED = {
    "different definitions": "[x$n]: u\n",
    "footnotes": "[^$n]: a\n\n",
    "footnote marks, different": "[^$n]",
    "different formulas": "$$x_{$n}$$ ",
    "nested lists": "${indent}* a\n",
    "runs of ticks": "e$ticks",
}


def pathological_inputs(size: int) -> dict[str, str]:
    """All of them by name, each of about that many characters."""
    half = size // 2
    return {
        **{name: _fill(piece, size) for name, piece in REPEATED.items()},
        **{name: _count(piece, size) for name, piece in COUNTED.items()},
        "nested strong emphasis": _fill("*a **a ", half) + "b" + _fill(" a** a*", half),
        "nested brackets": "[" * half + "a" + "]" * half,
        "nested stars": "*" * half + "a" + "*" * half,
        "nested parentheses in a URL": "https://x.y/" + "(" * half + ")" * half,
        "one definition, used often": f"[x]: {'u' * (size // 10)}\n\n{_fill('[x] ', size)}",
        "one title, used often": f"[x]: /u '{'u' * (size // 10)}'\n\n{_fill('[x]\n', size)}",
        "a table of 1,000 columns": _table(1_000, "|b" * 1_000, size),
        "a table as wide as it is long": _table(size // 6, "|b" * (size // 6), size),
        "a wide table of short rows": _table(1_000, "|b", size),
        "a long fence": "```\n" + _fill("x = 1\n", size),
        "a long line of code": "```\n" + "x" * size,
        "a long item": "- " + _fill("word ", size),
        "an item of many paragraphs": "- a\n\n" + _fill("  b\n\n", size),
        "lazy lines after a quote": "> a\n" + _fill("b\n", size),
        "a long list, then a long line": _fill("- item\n", half) + "\n" + _fill("word ", half),
        "a long table, then a long line": _table(2, "|b|c", half) + "\n" + _fill("word ", half),
        "long details": "<details>\n\n" + _fill("A sentence.\n\n", size),
    }


def _fill(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def _count(piece: str, size: int) -> str:
    parts: list[str] = []
    length = 0
    for number in count(1):
        if length >= size:
            break
        parts.append(Template(piece).substitute(n=number, indent="  " * number, ticks="`" * number))
        length += len(parts[-1])
    return "".join(parts)


def _table(columns: int, row: str, size: int) -> str:
    head = "|a" * columns + "|\n" + "|-" * columns + "|\n"
    return head + _fill(f"{row}|\n", max(0, size - len(head)))

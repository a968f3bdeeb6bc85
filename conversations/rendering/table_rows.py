"""Rows of tables of which Markdown would lose a part.

Cells beyond those of the head are dropped: mostly a bar in code has made them, as `a || b` in
backticks is one cell; what is still too much becomes text of the last one. And so is the box of a
task, where a table begins on the same line.
"""

import re
from collections.abc import Callable

_CONTAINERS = r"(?:[ \t]*(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t]))*[ \t]*"
# Of a line without its blanks, so that no run of them is read more than once.
_DELIMITERS = re.compile(r"(?:[>+*]|[0-9]{1,9}[.)])*\|?:?-+:?(?:\|:?-+:?)*\|?\Z")
_BLANKS = str.maketrans("", "", " \t")
_START = re.compile(rf"{_CONTAINERS}(?:\[[ xX]\][ \t]+)?\|?")
_BOX = re.compile(rf"({_CONTAINERS})(\[[ xX]\])[ \t]+(?=\S)")
_NOT_QUOTE = re.compile(r"[^>\t]")
_BAR = re.compile(r"\\.|(\|)", re.DOTALL)
_CODE = re.compile(r"\\.|(?<!`)(`{1,8})(?!`)(.*?)(?<!`)\1(?!`)", re.DOTALL)


class TableRows:
    """Follows, line by line, which table a line is a row of."""

    def __init__(self) -> None:
        self._columns = 0
        self._is_head = False

    def enter(self, line: str, following: str) -> None:
        """Reads the next line; the one after it tells whether this one is the head of a table."""
        self._is_head = "|" in line and _is_delimiter_row(following)
        if self._is_head:
            self._columns = len(_bars(following)) + 1
        elif not line.strip(" \t>"):
            self._columns = 0

    def leave(self) -> None:
        """No row: a line of code."""
        self._columns = 0

    def keep_cells(self, masked: str, mask: Callable[[str], str]) -> str:
        """The line with as many cells as the table has columns; `mask` makes text of a bar."""
        if not self._columns or len(_bars(masked)) < self._columns:
            return masked
        if "`" in masked:
            masked = _CODE.sub(lambda code: _mask_bars(code, mask), masked)
        start, parts = 0, list[str]()
        for bar in _bars(masked)[self._columns - 1 :]:
            parts.append(masked[start:bar])
            start = bar + 1
        return mask("|").join([*parts, masked[start:]])

    def keep_box(self, masked: str) -> str:
        """The head of a table on a line of its own, where a task's box stands before it."""
        box = _BOX.match(masked) if self._is_head else None
        if box is None:
            return masked
        indent = _NOT_QUOTE.sub(" ", box[1])
        return f"{box[1]}{box[2]}\n{indent}{masked[box.end() :]}"


def _is_delimiter_row(line: str) -> bool:
    return "|" in line and "-" in line and _DELIMITERS.match(line.translate(_BLANKS)) is not None


def _bars(line: str) -> list[int]:
    """Where the bars between the cells of a row are."""
    start = _START.match(line)
    end = len(line.rstrip())
    found = _BAR.finditer(line, start.end() if start else 0)
    return [bar.start() for bar in found if bar[1] and bar.end() < end]


def _mask_bars(code: re.Match[str], mask: Callable[[str], str]) -> str:
    if not code[1]:
        return code[0]
    inside = _BAR.sub(lambda bar: mask("|") if bar[1] else bar[0], code[2])
    return f"{code[1]}{inside}{code[1]}"

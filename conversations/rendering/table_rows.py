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
_IN_CONTAINERS = re.compile(_CONTAINERS)
_START = re.compile(rf"{_CONTAINERS}(?:\[[ xX]\][ \t]+)?\|?")
_BOX = re.compile(rf"({_CONTAINERS})(\[[ xX]\])[ \t]+(?=\S)")
_OTHER_BLOCK = re.compile(r"[ \t>]*(?:[-+*][ \t]|[0-9]{1,9}[.)][ \t]|#{1,6}[ \t])")
_NOT_QUOTE = re.compile(r"[^>\t]")
_BAR = re.compile(r"\\.|(\|)", re.DOTALL)
_CODE = re.compile(r"\\.|(?<!`)(`{1,8})(?!`)(.*?)(?<!`)\1(?!`)", re.DOTALL)


class TableRows:
    """Follows, line by line, which table a line is a row of."""

    def __init__(self) -> None:
        self._columns = 0
        self._quotes = self._indent = 0
        self._is_head = False

    def enter(self, line: str, following: str) -> None:
        """Read the next line; the one after it tells whether this one is the head of a table."""
        if self._columns and self._is_after(line):
            self._columns = 0
        self._is_head = not self._columns and _is_head(line, following)
        if self._is_head:
            self._columns = len(_bars(following)) + 1
            self._quotes, self._indent = _count_quotes(line), _indent(line)

    def _is_after(self, line: str) -> bool:
        """Whether the table has ended: at a blank line or where another block begins."""
        return (
            not line.strip(" \t>")
            or _count_quotes(line) != self._quotes
            or _measure_margin(line) < self._indent
            or _OTHER_BLOCK.match(line) is not None
        )

    def leave(self) -> None:
        """Leave the table, for a line of code."""
        self._columns = 0

    def keep_cells(self, row: str, hide: Callable[[str], str]) -> str:
        """Return the line with as many cells as the table has columns; `hide` hides a bar."""
        if not self._columns or len(_bars(row)) < self._columns:
            return row
        if "`" in row:
            row = _CODE.sub(lambda code: _hide_bars(code, hide), row)
        start, parts = 0, list[str]()
        for bar in _bars(row)[self._columns - 1 :]:
            parts.append(row[start:bar])
            start = bar + 1
        return hide("|").join([*parts, row[start:]])

    def keep_box(self, row: str) -> str:
        """Put the head of a table on a line of its own, where a task's box stands before it."""
        box = _BOX.match(row) if self._is_head else None
        if box is None:
            return row
        indent = _NOT_QUOTE.sub(" ", box[1])
        return f"{box[1]}{box[2]}\n{indent}{row[box.end() :]}"


def _is_head(line: str, following: str) -> bool:
    start = _START.match(line) if "|" in line else None
    return (
        start is not None
        and _is_delimiter_row(following)
        and line[start.end() :].strip(" \t|") != ""  # bars alone are none
        and len(_bars(line)) >= len(_bars(following))
        and _count_quotes(line) == _count_quotes(following)
        and _measure_margin(following) >= _indent(line)
    )


def _is_delimiter_row(line: str) -> bool:
    return "|" in line and "-" in line and _DELIMITERS.match(line.translate(_BLANKS)) is not None


def _count_quotes(line: str) -> int:
    return line.count(">", 0, _measure_margin(line))


def _measure_margin(line: str) -> int:
    """Count the blanks and marks of quotes that a line begins with."""
    return len(line) - len(line.lstrip(" \t>"))


def _indent(head: str) -> int:
    """Return the margin that keeps a line in the list item of that head; 0 outside of lists."""
    containers = _IN_CONTAINERS.match(head)
    length = containers.end() if containers else 0
    return length if length > _measure_margin(head) else 0


def _bars(line: str) -> list[int]:
    """Find the bars between the cells of a row."""
    start = _START.match(line)
    end = len(line.rstrip())
    found = _BAR.finditer(line, start.end() if start else 0)
    return [bar.start() for bar in found if bar[1] and bar.end() < end]


def _hide_bars(code: re.Match[str], hide: Callable[[str], str]) -> str:
    if not code[1]:
        return code[0]
    inside = _BAR.sub(lambda bar: hide("|") if bar[1] else bar[0], code[2])
    return f"{code[1]}{inside}{code[1]}"

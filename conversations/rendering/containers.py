"""Follows, line by line, which fence, list item or quote a line of Markdown is in.

Only what the masking needs: is this line code in a fence, and would a reader who starts here and
knows nothing of the lines before see the same? A wrong answer to the first costs a formula that
stays source; the second errs towards "no".
"""

import re
from dataclasses import dataclass, field

_MARKER = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?=[ \t]|$)|>")
_SPACE = re.compile(r"[ \t]*")
_OPENER = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]|$)|#{1,6}(?:[ \t]|$)|`{3}|~{3}|>")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_DEEPEST = 100


@dataclass
class OpenFence:
    """An open fence: its run of backticks or tildes, the quotes and the column it is within."""

    run: str
    quotes: int
    base: int

    def closed_by(self, content: str) -> bool:
        rest = content.rstrip(" ")
        return len(rest) >= len(self.run) and not rest.strip(self.run[0])


@dataclass
class Containers:
    """What is open after the lines seen so far. Columns count from the start of the line."""

    fence: OpenFence | None = None
    items: list[int] = field(default_factory=list)
    quotes: int = 0
    blank: bool = True
    is_safe_split: bool = True
    too_deep: int | None = None
    """Where on the line the markers begin that are more than a text needs."""

    def enter(self, line: str) -> bool:
        """Read the next line; return true if it is to be left as it is, being code or a fence."""
        quotes, start = _quotes(line, self.fence.quotes if self.fence else _DEEPEST)
        self.too_deep = start if quotes == _DEEPEST else None
        column = _width(line[:start])
        content = line[start:]
        if self.fence and self._still_in(self.fence, content, quotes, column):
            self.is_safe_split = self.blank = False
            if self.fence.closed_by(content) and column < self.fence.base + 4 + 2 * quotes:
                self.fence = None
            return True
        self.fence = None
        self._leave(content, quotes, column)
        self.is_safe_split = not self.items and not self.quotes
        self.quotes = quotes
        self.blank = not content
        return self._open(content, column, start)

    def _still_in(self, fence: OpenFence, content: str, quotes: int, column: int) -> bool:
        return quotes >= fence.quotes and (not content or column >= fence.base)

    def _leave(self, content: str, quotes: int, column: int) -> None:
        if quotes != self.quotes:
            self.items.clear()
            if not content:
                self.quotes = 0
        elif content and (self.blank or _OPENER.match(content)):
            while self.items and self.items[-1] > column:
                self.items.pop()

    def _open(self, content: str, column: int, offset: int) -> bool:
        """Enter what begins on this line: items, quotes, a fence."""
        base = self.items[-1] if self.items else 0
        start = 0
        for _ in range(_DEEPEST):
            marker = _MARKER.match(content, start)
            if marker is None or (column - base >= 4 and not self.quotes):
                break
            end = _end_of_space(content, marker.end())
            gap = end - marker.end()
            column += marker.end() - start + (gap if 0 < gap < 5 and end < len(content) else 1)
            if marker[0] != ">":
                self.items.append(column)
            base, start = column, end
        else:
            self.too_deep = offset + start
        fence = _FENCE.match(content, start)
        if fence and (column - base < 4 or self.quotes):
            self.fence = OpenFence(fence[1] or fence[2], self.quotes, base)
        return self.fence is not None or content.startswith("```", start)


def _quotes(line: str, most: int) -> tuple[int, int]:
    """Count the quotes a line is in, up to `most`, and return where its content begins too."""
    start = _end_of_space(line, 0)
    quotes = 0
    while quotes < most and line.startswith(">", start):
        start = _end_of_space(line, start + 1)
        quotes += 1
    return quotes, start


def _end_of_space(line: str, start: int) -> int:
    match = _SPACE.match(line, start)
    return match.end() if match else start


def _width(lead: str) -> int:
    return len(lead.expandtabs(4)) if "\t" in lead else len(lead)

r"""Finds where a formula on its own ends: `$$…$$`, `\[…\]`, `\begin{align}…\end{align}`.

One that begins a block may hold blank lines, as models write them; one within a text ends with its
paragraph. Both end where a code block, another formula or prose begins: an opener without a closer
is text, and must not swallow what follows.
"""

import re
from dataclasses import dataclass, field

from conversations.rendering.math import DISPLAY, LONGEST

QUOTES = re.compile(r"(?:[ \t]*>)*")
_BLOCK_START = re.compile(r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])[ \t])*")
_BEGIN = re.compile(r"\\begin\{([a-zA-Z]+\*?)\}")
_HALF_BEGIN = re.compile(r"\\b(?:egin|egi|eg|e)?\Z|\\begin\{[a-zA-Z]*\*?\Z")
# What a formula of several lines can't have: the start of a code block or of another formula.
_NOT_MATH = re.compile(r"^[ \t>]*(?:```|~~~)|(?<!\\)\\\[")
# What it can't have behind a blank line: four words in a row, a formula in a line, a heading, a row
# of a table, a list of words.
_WORD = r"(?:[^\W\d_]{2,}[,.:;]?|[aI])"
_PROSE = re.compile(
    rf"[^\\]*\b{_WORD} {_WORD} {_WORD} {_WORD}|[^\\]*[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{{4}}"
    r"|.*(?<!\\)\\\(|.*(?<![\\$])\$(?!\$)"
    r"|[ \t>]*(?:#{1,6} |\||(?:[-*+]|\d{1,9}[.)]) +\*{0,2}[^\W\d_]{2}|\*\*)"
)


@dataclass(frozen=True)
class Delimiters:
    """How a formula begins and ends, and whether it begins a block."""

    opener: str
    closer: str
    begins_block: bool


@dataclass(frozen=True)
class FormulaSpan:
    """A formula: what stands between its delimiters, and the row and column of the closing one.

    If it is `is_unfinished`, the text ends before the formula does.
    """

    inside: str
    row: int
    end: int
    is_unfinished: bool = False


def read_delimiters(line: str, start: int, opener: str, closer: str) -> Delimiters:
    """Return the delimiters of a formula that begins at `start` of its line."""
    return Delimiters(opener, closer, _BLOCK_START.fullmatch(line, 0, start) is not None)


def read_environment(line: str, start: int) -> Delimiters | None:
    """Return the delimiters of an environment that stands for itself, if one begins there."""
    match = _BEGIN.match(line, start)
    if not match or match[1] not in DISPLAY or not _BLOCK_START.fullmatch(line, 0, start):
        return None
    return Delimiters(match[0], rf"\end{{{match[1]}}}", begins_block=True)


def may_become_environment(line: str, start: int) -> bool:
    """Say whether the line ends where the name of an environment is being written."""
    return bool(_HALF_BEGIN.match(line, start) and _BLOCK_START.fullmatch(line, 0, start))


@dataclass
class DisplaySearch:
    """Looks for closing delimiters; no line is searched twice for one that isn't there."""

    failed_searches: dict[str, int] = field(default_factory=dict)
    """The last row from which each closing delimiter is not to be found."""

    def find(
        self, rows: list[str], row: int, start: int, delimiters: Delimiters, *, growing: bool
    ) -> FormulaSpan | None:
        """Look for the end of a formula that goes on behind `rows[row]`, from column `start`."""
        closer = delimiters.closer
        if self.failed_searches.get(closer, -1) >= row:
            return None
        quotes = count_quotes(rows[row])
        inside = [rows[row][start:]]
        room = LONGEST - len(inside[0])
        blank = False
        while room > 0:
            row += 1
            if growing and row >= len(rows) - 1 and not "".join(rows[row:]).strip():
                return FormulaSpan("\n".join(inside), len(rows) - 1, 0, is_unfinished=True)
            if row == len(rows):
                break
            line = rows[row]
            prefix = QUOTES.match(line)
            start = prefix.end() if prefix and quotes else 0
            empty = not line[start:].strip()
            if self._is_end(line, start, quotes, delimiters, empty=empty, blank=blank):
                break
            end = line.find(closer, start)
            if end >= 0:
                if end - start > room:
                    return None
                return FormulaSpan("\n".join([*inside, line[start:end]]), row, end)
            blank = blank or empty
            inside.append(line[start:])
            room -= len(line) - start
        else:
            return None
        self.failed_searches[closer] = max(row - 1, self.failed_searches.get(closer, -1))
        return None

    def _is_end(
        self,
        line: str,
        start: int,
        quotes: int,
        delimiters: Delimiters,
        *,
        empty: bool,
        blank: bool,
    ) -> bool:
        """Say whether no formula can go on with this line."""
        if count_quotes(line) < quotes or (empty and not delimiters.begins_block):
            return True
        if _NOT_MATH.search(line) or (
            delimiters.opener.startswith(r"\b") and delimiters.opener in line
        ):
            return True
        return blank and not empty and _PROSE.match(line, start) is not None


def count_quotes(line: str) -> int:
    """Return how many block quotes a line is in."""
    prefix = QUOTES.match(line)
    return prefix[0].count(">") if prefix else 0

"""Puts placeholders for what begins within a line: formulas, bare URLs, raw HTML tags.

It goes from left to right; only display math reaches past a line. Every search that fails is
remembered, so that no text takes more than linear time.
"""

import re
from bisect import bisect_right
from html import unescape

from conversations.rendering.display_math import (
    Delimiters,
    DisplaySearch,
    FormulaSpan,
    may_become_environment,
    read_delimiters,
    read_environment,
)
from conversations.rendering.dollars import match_dollar_math, may_begin_dollar_math
from conversations.rendering.math import LONGEST
from conversations.rendering.paths import match_path
from conversations.rendering.placeholders import Kind, PlaceholderTable
from conversations.rendering.tags import TagReader

SPECIAL = re.compile(r"\\|`+|\$+|<|https?://", re.IGNORECASE)
"""What something to be replaced begins with; a line without it stays as it is."""

_TICKS = re.compile(r"`+")
_URL = re.compile(
    'https?://[^\\s<>"`|\\\\^{}\\[\\]\ufdd0\ufdd1\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]+',
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_HALF_TAG = re.compile(r"<(?:/?[a-zA-Z]{0,7}|https?:[^\s<>]*)$")
_AUTOLINK = re.compile(
    r"<(?:[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)>"
)
_DESTINATION = re.compile(r"\](?:\(|:)[ \t]*$")
_ENTITY = re.compile(r"&#?\w+;")


class InlineExtractor:
    """Replaces what begins on a row of the source, and steps over the rows that it takes up."""

    def __init__(self, rows: list[str], placeholders: PlaceholderTable, *, growing: bool) -> None:
        self.row = 0
        self._rows = rows
        self._placeholders = placeholders
        self._growing = growing
        self._search = DisplaySearch()
        self._read("")

    def replace_in_line(self, line: str) -> str:
        """Return the current row with placeholders in it."""
        self._read(line)
        return self._replace_spans()

    def replace_in_part(self, text: str) -> str:
        """Return a part of a line with placeholders in it; nothing in it goes on after it."""
        rows, row = self._rows, self.row
        self._rows, self.row = [text.strip()], 0
        replaced = self.replace_in_line(text.strip())
        self._rows, self.row = rows, row
        self._search.failed_searches.clear()
        return replaced

    def _read(self, line: str, start: int = 0) -> None:
        self._line, self._pos = line, start
        self._searched: dict[str, int] = {}
        self._ticks: dict[int, list[int]] | None = None
        self._tags = TagReader(line)

    def _replace_spans(self) -> str:
        """Replace what begins on this line. Display math may use up further rows."""
        out: list[str] = []
        while special := SPECIAL.search(self._line, self._pos):
            out.append(self._line[self._pos : special.start()])
            self._pos = special.start()
            match special[0][0]:
                case "\\":
                    out.append(self._read_backslash())
                case "`":
                    out.append(self._read_code(len(special[0])))
                case "$":
                    out.append(self._read_dollars(len(special[0])))
                case "<":
                    out.append(self._read_angle())
                case _:
                    out.append(self._read_url())
        out.append(self._line[self._pos :])
        return "".join(out)

    @property
    def _may_go_on(self) -> bool:
        """Whether more may be written on this line."""
        return self._growing and self.row == len(self._rows) - 1

    def _take(self, count: int) -> str:
        self._pos += count
        return self._line[self._pos - count : self._pos]

    def _drop(self) -> str:
        self._pos = len(self._line)
        return ""

    def _take_unfinished(self) -> str:
        return self._placeholders.add("unfinished", self._take(len(self._line) - self._pos))

    def _read_backslash(self) -> str:
        end = match_path(self._line, self._pos)
        if end > self._pos:
            return self._take(end - self._pos).replace("\\", self._placeholders.add("text", "\\"))
        match self._line[self._pos + 1 : self._pos + 2]:
            case "(":
                return self._read_parentheses()
            case "[":
                return self._read_display(read_delimiters(self._line, self._pos, r"\[", r"\]"))
            case "b" if environment := read_environment(self._line, self._pos):
                return self._read_display(environment)
            case "b" if self._may_go_on and may_become_environment(self._line, self._pos):
                return self._take_unfinished()
            case "" if self._may_go_on:
                return self._drop()
        return self._take(2)

    def _read_parentheses(self) -> str:
        end = self._find_closer(r"\)", self._pos + 2)
        tex = self._line[self._pos + 2 : end].strip()
        if end >= 0 and tex.strip("\\ "):
            return self._placeholders.add("math", self._take(end + 2 - self._pos), tex)
        return self._take_unfinished() if end < 0 and self._may_go_on else self._take(2)

    def _find_closer(self, needle: str, start: int) -> int:
        """Search the line as far as a formula may reach; never twice where a search has failed."""
        end = start + LONGEST
        found = self._line.find(needle, max(start, self._searched.get(needle, 0)), end)
        if found < 0:
            self._searched[needle] = max(start, end - len(needle) + 1)
        return found

    def _read_code(self, length: int) -> str:
        if self._ticks is None:
            self._ticks = {}
            for run in _TICKS.finditer(self._line, self._pos):
                self._ticks.setdefault(len(run[0]), []).append(run.start())
        starts = self._ticks.get(length, [])
        after = bisect_right(starts, self._pos)
        end = starts[after] + length if after < len(starts) else self._pos + length
        return self._take(end - self._pos)

    def _read_dollars(self, count: int) -> str:
        if count == 2:
            return self._read_display(read_delimiters(self._line, self._pos, "$$", "$$"))
        if count > 2:
            return self._take(count)
        tex = match_dollar_math(self._line, self._pos)
        if tex is not None:
            return self._placeholders.add("math", self._take(len(tex) + 2), tex.strip())
        if self._may_go_on and self._pos == len(self._line) - 1:
            return self._drop()
        if self._may_go_on and may_begin_dollar_math(self._line, self._pos):
            return self._take_unfinished()
        return self._take(1)

    def _read_display(self, delimiters: Delimiters) -> str:
        """Replace a formula up to its closer, on this line or a later one."""
        start = self._pos + len(delimiters.opener)
        end = self._find_closer(delimiters.closer, start)
        if end >= 0:
            return self._replace_formula(
                delimiters, FormulaSpan(self._line[start:end], self.row, end)
            )
        span = self._search.find(self._rows, self.row, start, delimiters, growing=self._growing)
        if span is None:
            return self._take(2)
        if span.is_unfinished:
            self.row = span.row
            self._read("")
            return self._placeholders.add("unfinished", delimiters.opener + span.inside)
        return self._replace_formula(delimiters, span)

    def _replace_formula(self, delimiters: Delimiters, span: FormulaSpan) -> str:
        line, after = self._rows[span.row], span.end + len(delimiters.closer)
        if not span.inside.strip("\\ \t\n") or (
            line[after : after + 1] == "(" and span.row == self.row
        ):
            return self._take(2)
        if span.row == self.row:
            self._pos = after
        else:
            self.row = span.row
            self._read(line, after)
        source = f"{delimiters.opener}{span.inside}{delimiters.closer}"
        tex = source if delimiters.opener.startswith(r"\begin") else span.inside.strip()
        return self._placeholders.add("display", source, tex)

    def _read_angle(self) -> str:
        line, pos = self._line, self._pos
        if found := self._tags.read(pos, may_go_on=self._may_go_on):
            typed, name = found
            return self._placeholders.add("tag", self._take(len(typed)), name)
        if link := _AUTOLINK.match(line, pos):
            return self._take(len(link[0]))
        if _DESTINATION.search(line[max(0, pos - 8) : pos]):
            return self._take(1)
        if tag := _ANY_TAG.match(line, pos):
            return self._placeholders.add("text", self._take(len(tag[0])))
        if self._may_go_on and _HALF_TAG.match(line, pos):
            return self._drop()
        if line[pos + 1 : pos + 2].isalpha() or line[pos + 1 : pos + 2] in ("/", "!", "?"):
            return self._placeholders.add("text", self._take(1))
        return self._take(1)

    def _read_url(self) -> str:
        found = _URL.match(self._line, self._pos)
        before = self._line[self._pos - 1 : self._pos]
        if found is None or (before.isascii() and before.isalnum()):
            return self._take(4)
        url = _cut_unbalanced(found[0]).rstrip("?!.,:*_~'\";")
        if url.endswith("/") and url.count("/") == 2:
            return self._take(len(url))
        kind: Kind = (
            "unfinished-url" if self._may_go_on and found.end() == len(self._line) else "url"
        )
        return self._placeholders.add(kind, self._take(len(url)), _ENTITY.sub(_unescape, url))


def _unescape(entity: re.Match[str]) -> str:
    return unescape(entity[0])


def _cut_unbalanced(url: str) -> str:
    """Cut a URL before the first closing parenthesis that it did not open."""
    depth = 0
    for match in re.finditer(r"[()]", url):
        depth += 1 if match[0] == "(" else -1
        if depth < 0:
            return url[: match.start()]
    return url

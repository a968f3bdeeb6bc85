"""Finds what to mask in Markdown: formulas, bare URLs, raw HTML tags.

It goes line by line and from left to right; only a fence and display math reach past a line. Every
search that fails is remembered, so that no text takes more than linear time.
"""

import re
from bisect import bisect_right
from html import unescape

from conversations.rendering.containers import Containers
from conversations.rendering.display_math import (
    Delimiters,
    DisplaySearch,
    Span,
    may_become_environment,
    read_delimiters,
    read_environment,
)
from conversations.rendering.dollars import dollar_math, dollar_math_may_follow
from conversations.rendering.emphasis import mark_emphasis
from conversations.rendering.math import LONGEST
from conversations.rendering.paths import match_path
from conversations.rendering.placeholders import Kind, Line, Masked, Tokens
from conversations.rendering.table_rows import TableRows
from conversations.rendering.tags import TagReader

_SPECIAL = re.compile(r"\\|`+|\$+|<|https?://", re.IGNORECASE)
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
_BLOCK_TAG_LINE = re.compile(r" {0,3}</?(?:details|summary)\b|.*</details>\s*$", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"(</?details(?:\s+open(?:=\"\")?)?\s*>|<summary>.*?(?:</summary>|$))", re.IGNORECASE
)
_ALONE = re.compile(r" {0,3}\ufdd0([0-9]+)\ufdd1 *")
_ENTITY = re.compile(r"&#?\w+;")


def mask(source: str, *, growing: bool = False) -> Masked:
    """Masks normalised text; if it is still `growing`, what its end leaves open is pending."""
    return _Scan(source, growing).run()


class _Scan:
    def __init__(self, source: str, growing: bool) -> None:
        self.rows = source.split("\n")
        self.growing = growing
        self.tokens = Tokens()
        self.row = 0
        self.search = DisplaySearch()
        self._read("")

    def run(self) -> Masked:
        containers, table = Containers(), TableRows()
        lines: list[Line] = []
        start = 0
        while self.row < len(self.rows):
            first = self.row
            line = self.rows[first]
            if containers.enter(line):
                masked = line
                table.leave()
            elif containers.too_deep is not None:
                masked = self._flattened(line, containers.too_deep)
            else:
                table.enter(line, self.rows[first + 1] if first + 1 < len(self.rows) else "")
                masked = self._line(line) if _SPECIAL.search(line) else line
                if "|" in masked:
                    masked = table.keep_box(table.keep_cells(masked, self._mask_text))
                if "*" in masked or "~" in masked:
                    masked = mark_emphasis(masked, self._mask_text(""))
                if containers.neutral and self._is_formula(masked):
                    masked = f"\n{masked}\n"  # a block of its own: nothing before waits for it
            self.row += 1
            end = "\n" if self.row < len(self.rows) else ""
            lines.append(Line(masked + end, start, containers.neutral))
            start += sum(map(len, self.rows[first : self.row])) + self.row - first
        return Masked(lines, self.tokens.found, containers.fence is not None)

    def _mask_text(self, source: str) -> str:
        return self.tokens.mask("text", source)

    def _line(self, line: str) -> str:
        if "<" in line and _BLOCK_TAG_LINE.match(line):
            return self._block_tags(line)
        self._read(line)
        return self._spans()

    def _is_formula(self, masked: str) -> bool:
        """Say whether a line is a formula on its own, and nothing else."""
        mask = _ALONE.fullmatch(masked)
        return mask is not None and self.tokens.found[int(mask[1])].kind == "display"

    def _flattened(self, line: str, start: int) -> str:
        """Shows as text what would nest without end."""
        rest = line[start:]
        return line[:start] + self.tokens.mask("text", rest) if rest.strip() else line[:start]

    def _block_tags(self, line: str) -> str:
        """Gives each <details> tag and each summary on the line a paragraph of its own."""
        indent = line[: len(line) - len(line.lstrip(" "))]
        paragraphs = []
        for number, piece in enumerate(_BLOCK_TAG.split(line)):
            text = self._block_tag(piece) if number % 2 else self._part(piece)
            if text:
                paragraphs.append(indent + text)
        return "\n" + "\n\n".join(paragraphs) + "\n"

    def _block_tag(self, tag: str) -> str:
        if tag[:8].lower() == "<summary":
            inside = re.sub("</summary>$", "", tag[9:], flags=re.IGNORECASE)
            return self.tokens.mask("block-tag", tag[:9], "summary") + self._part(inside)
        closing = "/" if tag[1] == "/" else ""
        opened = " open" if "open" in tag.lower() and not closing else ""
        return self.tokens.mask("block-tag", tag, f"{closing}details{opened}")

    def _part(self, text: str) -> str:
        """Masks a part of a line, which nothing leaves."""
        rows, row = self.rows, self.row
        self.rows, self.row = [text.strip()], 0
        self._read(text.strip())
        masked = self._spans()
        self.rows, self.row = rows, row
        self.search.failed.clear()
        return masked

    def _read(self, line: str, start: int = 0) -> None:
        self.line, self.pos = line, start
        self.searched: dict[str, int] = {}
        self.ticks: dict[int, list[int]] | None = None
        self.tags = TagReader(line)

    def _spans(self) -> str:
        """Masks what begins on this line. Display math may use up further rows."""
        out: list[str] = []
        while special := _SPECIAL.search(self.line, self.pos):
            out.append(self.line[self.pos : special.start()])
            self.pos = special.start()
            match special[0][0]:
                case "\\":
                    out.append(self._backslash())
                case "`":
                    out.append(self._code(len(special[0])))
                case "$":
                    out.append(self._dollars(len(special[0])))
                case "<":
                    out.append(self._angle())
                case _:
                    out.append(self._url())
        out.append(self.line[self.pos :])
        return "".join(out)

    @property
    def _unfinished(self) -> bool:
        """Whether more may be written on this line."""
        return self.growing and self.row == len(self.rows) - 1

    def _take(self, count: int) -> str:
        self.pos += count
        return self.line[self.pos - count : self.pos]

    def _drop(self) -> str:
        self.pos = len(self.line)
        return ""

    def _pending(self) -> str:
        return self.tokens.mask("pending", self._take(len(self.line) - self.pos))

    def _backslash(self) -> str:
        end = match_path(self.line, self.pos)
        if end > self.pos:
            return self._take(end - self.pos).replace("\\", self._mask_text("\\"))
        match self.line[self.pos + 1 : self.pos + 2]:
            case "(":
                return self._parenthesised()
            case "[":
                return self._display(read_delimiters(self.line, self.pos, r"\[", r"\]"))
            case "b" if environment := read_environment(self.line, self.pos):
                return self._display(environment)
            case "b" if self._unfinished and may_become_environment(self.line, self.pos):
                return self._pending()
            case "" if self._unfinished:
                return self._drop()
        return self._take(2)

    def _parenthesised(self) -> str:
        end = self._find(r"\)", self.pos + 2)
        tex = self.line[self.pos + 2 : end].strip()
        if end >= 0 and tex.strip("\\ "):
            return self.tokens.mask("math", self._take(end + 2 - self.pos), tex)
        return self._pending() if end < 0 and self._unfinished else self._take(2)

    def _find(self, needle: str, start: int) -> int:
        """Searches the line as far as a formula may reach; no part of it twice in vain."""
        end = start + LONGEST
        found = self.line.find(needle, max(start, self.searched.get(needle, 0)), end)
        if found < 0:
            self.searched[needle] = max(start, end - len(needle) + 1)
        return found

    def _code(self, length: int) -> str:
        if self.ticks is None:
            self.ticks = {}
            for run in _TICKS.finditer(self.line, self.pos):
                self.ticks.setdefault(len(run[0]), []).append(run.start())
        starts = self.ticks.get(length, [])
        after = bisect_right(starts, self.pos)
        end = starts[after] + length if after < len(starts) else self.pos + length
        return self._take(end - self.pos)

    def _dollars(self, count: int) -> str:
        if count == 2:
            return self._display(read_delimiters(self.line, self.pos, "$$", "$$"))
        if count > 2:
            return self._take(count)
        tex = dollar_math(self.line, self.pos)
        if tex is not None:
            return self.tokens.mask("math", self._take(len(tex) + 2), tex.strip())
        if self._unfinished and self.pos == len(self.line) - 1:
            return self._drop()
        if self._unfinished and dollar_math_may_follow(self.line, self.pos):
            return self._pending()
        return self._take(1)

    def _display(self, delimiters: Delimiters) -> str:
        """A formula up to its closer, on this line or a later one."""
        start = self.pos + len(delimiters.opener)
        end = self._find(delimiters.closer, start)
        if end >= 0:
            return self._formula(delimiters, Span(self.line[start:end], self.row, end))
        span = self.search.find(self.rows, self.row, start, delimiters, growing=self.growing)
        if span is None:
            return self._take(2)
        if span.pending:
            self.row = span.row
            self._read("")
            return self.tokens.mask("pending", delimiters.opener + span.inside)
        return self._formula(delimiters, span)

    def _formula(self, delimiters: Delimiters, span: Span) -> str:
        line, after = self.rows[span.row], span.end + len(delimiters.closer)
        if not span.inside.strip("\\ \t\n") or (
            line[after : after + 1] == "(" and span.row == self.row
        ):
            return self._take(2)
        if span.row == self.row:
            self.pos = after
        else:
            self.row = span.row
            self._read(line, after)
        source = f"{delimiters.opener}{span.inside}{delimiters.closer}"
        tex = source if delimiters.opener.startswith(r"\begin") else span.inside.strip()
        return self.tokens.mask("display", source, tex)

    def _angle(self) -> str:
        line, pos = self.line, self.pos
        if found := self.tags.read(pos, may_go_on=self._unfinished):
            typed, name = found
            return self.tokens.mask("tag", self._take(len(typed)), name)
        if link := _AUTOLINK.match(line, pos):
            return self._take(len(link[0]))
        if _DESTINATION.search(line[max(0, pos - 8) : pos]):
            return self._take(1)
        if tag := _ANY_TAG.match(line, pos):
            return self.tokens.mask("text", self._take(len(tag[0])))
        if self._unfinished and _HALF_TAG.match(line, pos):
            return self._drop()
        if line[pos + 1 : pos + 2].isalpha() or line[pos + 1 : pos + 2] in ("/", "!", "?"):
            return self.tokens.mask("text", self._take(1))
        return self._take(1)

    def _url(self) -> str:
        found = _URL.match(self.line, self.pos)
        before = self.line[self.pos - 1 : self.pos]
        if found is None or (before.isascii() and before.isalnum()):
            return self._take(4)
        url = _balanced(found[0]).rstrip("?!.,:*_~'\";")
        if url.endswith("/") and url.count("/") == 2:
            return self._take(len(url))
        kind: Kind = "pending-url" if self._unfinished and found.end() == len(self.line) else "url"
        return self.tokens.mask(kind, self._take(len(url)), _ENTITY.sub(_unescape, url))


def _unescape(entity: re.Match[str]) -> str:
    return unescape(entity[0])


def _balanced(url: str) -> str:
    """Cuts a URL before the first closing parenthesis that it did not open."""
    depth = 0
    for match in re.finditer(r"[()]", url):
        depth += 1 if match[0] == "(" else -1
        if depth < 0:
            return url[: match.start()]
    return url

"""Markdown with masks in it: what pyromark must not read is taken out before it reads.

Math, bare URLs and raw HTML tags are ours: pyromark would read `\\(` as an escape, "$5-$10" as math
and an unknown tag as HTML. Each is replaced by a mask: two Unicode noncharacters around the number
of a token. To Markdown a mask is a word. Where it surfaces in text the renderer puts in what the
token stands for; where it surfaces in code, a URL or a label, the source as it was typed. So a
wrong guess of the scan (was this line inside a code block?) never shows.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

type Kind = Literal["math", "display", "pending", "url", "pending-url", "tag", "block-tag", "text"]

_UNUSABLE = re.compile("[\x00\ud800-\udfff\ufdd0-\ufdef]")
_MASK = re.compile("\ufdd0([0-9]+)\ufdd1")


class Token(NamedTuple):
    """What a mask stands for: how to show it (`kind`, `value`) and how it was typed (`source`)."""

    kind: Kind
    source: str
    value: str


class Line(NamedTuple):
    """One or more lines of the source: what is read in their place, and where they begin.

    `neutral` says that a scan which begins here, with no memory, reads all that follows in the
    same way: here the source may be cut and its parts rendered apart.
    """

    masked: str
    start: int
    neutral: bool


@dataclass
class Tokens:
    """The tokens of one text, each different one once: equal sources get equal masks."""

    found: list[Token] = field(default_factory=list)
    _numbers: dict[Token, int] = field(default_factory=dict)

    def mask(self, kind: Kind, source: str, value: str = "") -> str:
        """Keeps a token and gives the mask to write in its place."""
        token = Token(kind, source, value)
        number = self._numbers.setdefault(token, len(self.found))
        if number == len(self.found):
            self.found.append(token)
        return f"\ufdd0{number}\ufdd1"


@dataclass
class Masked:
    """A scanned text. `text` is what pyromark reads."""

    lines: list[Line]
    tokens: list[Token]
    in_fence: bool

    @cached_property
    def text(self) -> str:
        return "".join(line.masked for line in self.lines)

    def restore(self, text: str) -> str:
        """Gives back `text` with its masks replaced by what was typed."""
        if "\ufdd0" not in text:
            return text
        return _MASK.sub(lambda match: self.tokens[int(match[1])].source, text)

    def address(self, text: str) -> str:
        """Gives back an address with its masked parts as an address: no entities in them."""
        return _MASK.sub(lambda match: self._address(self.tokens[int(match[1])]), text)

    def _address(self, token: Token) -> str:
        return token.value if token.kind == "url" else token.source

    def split(self, text: str) -> list[str | Token]:
        """Splits `text` at its masks: text and tokens in turn, text first and last."""
        parts: list[str | Token] = list(_MASK.split(text))
        parts[1::2] = [self.tokens[int(str(number))] for number in parts[1::2]]
        return parts

    def slice(self, start: int, end: int) -> str:
        """The part of `text` between two bytes."""
        return self._bytes[start:end].decode()

    @cached_property
    def _bytes(self) -> bytes:
        return self.text.encode()

    @cached_property
    def _offsets(self) -> list[int]:
        return list(accumulate((len(line.masked.encode()) for line in self.lines), initial=0))

    def line_at(self, offset: int) -> tuple[int, Line]:
        """The line that holds that byte of `text`, and the byte at which it begins."""
        index = min(bisect_right(self._offsets, offset), len(self.lines)) - 1
        return self._offsets[index], self.lines[index]

    def line_from(self, offset: int) -> tuple[int, Line]:
        """The first line that begins at that byte of `text` or after it, and where it does."""
        index = min(bisect_left(self._offsets, offset), len(self.lines) - 1)
        return self._offsets[index], self.lines[index]


def normalise(text: str) -> str:
    """Makes any str one that UTF-8, HTML and masks can carry, with \\n as the only line end."""
    return _UNUSABLE.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")

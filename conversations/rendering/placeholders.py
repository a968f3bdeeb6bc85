"""Placeholders: what pyromark must not read is taken out of Markdown before it reads.

Math, bare URLs and raw HTML tags are ours: pyromark would read `\\(` as an escape, "$5-$10" as math
and an unknown tag as HTML. Each is replaced by a marker: two Unicode noncharacters around the
number of a `Placeholder`. To Markdown a marker is a word. Where it surfaces in text the renderer
puts in what the placeholder stands for; where it surfaces in code, a URL or a label, the source as
it was typed. So a wrong guess of the extraction (is this line in a code block?) never shows.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

type Kind = Literal[
    "math", "display", "unfinished", "url", "unfinished-url", "tag", "block-tag", "text"
]

_UNUSABLE = re.compile("[\x00\ud800-\udfff\ufdd0-\ufdef]")
_MARKER = re.compile("\ufdd0([0-9]+)\ufdd1")


class Placeholder(NamedTuple):
    """What a marker is for: how to show it (`kind`, `value`) and how it was typed (`source`)."""

    kind: Kind
    source: str
    value: str


class ExtractedLine(NamedTuple):
    """One or more lines of the source: what is read in their place, and where they begin.

    `is_safe_split` says that an extraction which begins here, with no memory, reads all that
    follows in the same way: here the source may be cut and its parts rendered apart.
    """

    text: str
    start: int
    is_safe_split: bool


@dataclass
class PlaceholderTable:
    """Numbers the placeholders of a text, each different one once: equal sources, equal markers."""

    found: list[Placeholder] = field(default_factory=list)
    _numbers: dict[Placeholder, int] = field(default_factory=dict)

    def add(self, kind: Kind, source: str, value: str = "") -> str:
        """Keep a placeholder, and return the marker to write in its place."""
        placeholder = Placeholder(kind, source, value)
        number = self._numbers.setdefault(placeholder, len(self.found))
        if number == len(self.found):
            self.found.append(placeholder)
        return f"\ufdd0{number}\ufdd1"


@dataclass
class ExtractedText:
    """A text without what was taken out of it; `text` is what pyromark reads."""

    lines: list[ExtractedLine]
    placeholders: list[Placeholder]
    ends_in_fence: bool

    @cached_property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    def restore(self, text: str) -> str:
        """Return `text` with its markers replaced by what was typed."""
        if "\ufdd0" not in text:
            return text
        return _MARKER.sub(lambda match: self.placeholders[int(match[1])].source, text)

    def restore_address(self, text: str) -> str:
        """Return an address with its markers replaced by addresses: no entities in them."""
        return _MARKER.sub(lambda match: self._address(self.placeholders[int(match[1])]), text)

    def _address(self, placeholder: Placeholder) -> str:
        return placeholder.value if placeholder.kind == "url" else placeholder.source

    def split_at_placeholders(self, text: str) -> list[str | Placeholder]:
        """Split `text` at its markers: text and placeholders in turn, text first and last."""
        parts: list[str | Placeholder] = list(_MARKER.split(text))
        parts[1::2] = [self.placeholders[int(str(number))] for number in parts[1::2]]
        return parts

    def slice_bytes(self, start: int, end: int) -> str:
        """Return the part of `text` between two bytes."""
        return self._bytes[start:end].decode()

    @cached_property
    def _bytes(self) -> bytes:
        return self.text.encode()

    @cached_property
    def _offsets(self) -> list[int]:
        return list(accumulate((len(line.text.encode()) for line in self.lines), initial=0))

    def find_line_at(self, offset: int) -> tuple[int, ExtractedLine]:
        """Return the line that holds that byte of `text`, and the byte at which it begins."""
        index = min(bisect_right(self._offsets, offset), len(self.lines)) - 1
        return self._offsets[index], self.lines[index]

    def find_line_from(self, offset: int) -> tuple[int, ExtractedLine]:
        """Return the first line that begins at that byte of `text` or later, and where it does."""
        index = min(bisect_left(self._offsets, offset), len(self.lines) - 1)
        return self._offsets[index], self.lines[index]


def normalise_source(text: str) -> str:
    """Make any str one that UTF-8, HTML and markers can carry, with \\n as the only line end."""
    return _UNUSABLE.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")

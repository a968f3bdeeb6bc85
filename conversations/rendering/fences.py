"""A code block while its lines come in: nothing but escaping, so that a long one costs little."""

import re
from dataclasses import dataclass, field

from conversations.rendering.code import CLOSE, open_code_block
from conversations.rendering.sanitise import sanitise_html
from conversations.rendering.text import escape_text

_OPENER = re.compile(r"( {0,3})(`{3,}|~{3,})([^\n]*)\n")
_CLOSER = re.compile(r" {0,3}(`{3,}|~{3,}) *\Z")
_MAYBE_CLOSER = re.compile(r" {0,3}(`+|~+) *\Z")


@dataclass(eq=False)
class StreamedFence:
    """An open top-level code block. `parts` are its lines as HTML, only ever added to.

    White space is held back until something follows it: what ends a block is not shown.
    """

    indent: int
    run: str
    opening: str
    source: list[str]
    closing: str = CLOSE
    parts: list[str] = field(default_factory=list)
    live: str = ""
    _line: str = ""
    _blank: str = ""

    @classmethod
    def at_start(cls, source: str) -> "StreamedFence | None":
        """Return the fence that a text begins with; its other lines are to be fed."""
        match = _OPENER.match(source)
        if match is None:
            return None
        opening = sanitise_html(open_code_block(match[3]) + CLOSE).removesuffix(CLOSE)
        return cls(len(match[1]), match[2], opening, [match[0]])

    def feed(self, text: str) -> str | None:
        """Take more text; once the block has been closed, return the text that follows it."""
        lines = (self._line + text).split("\n")
        self._line = lines.pop()
        added: list[str] = []
        for number, line in enumerate(lines):
            self.source.append(line + "\n")
            closer = _CLOSER.match(line)
            if closer and closer[1].startswith(self.run):
                return "\n".join([*lines[number + 1 :], self._line])
            added.append(self._next(line))
        if html := sanitise_html("".join(added)):
            self.parts.append(html)
        self.live = "" if self._hides_line() else sanitise_html(self._visible(self._line))
        return None

    def closed_source(self) -> str:
        """Return all whole lines that were read."""
        return "".join(self.source)

    def rest(self) -> str:
        """Return all that was read."""
        return self.closed_source() + self._line

    def _hides_line(self) -> bool:
        """Whether the unfinished line may turn out to be the closing fence, or is blank."""
        closer = _MAYBE_CLOSER.match(self._line)
        return not self._line.strip() or bool(closer and closer[1][0] == self.run[0])

    def _visible(self, line: str) -> str:
        return escape_text(self._blank + self._without_indent(line).rstrip())

    def _next(self, line: str) -> str:
        html = self._visible(line) if line.strip() else ""
        text = self._without_indent(line)
        self._blank = ("" if html else self._blank) + text[len(text.rstrip()) :] + "\n"
        return html

    def _without_indent(self, line: str) -> str:
        return line[min(self.indent, len(line) - len(line.lstrip(" "))) :]


def is_fence_closed(block: str) -> bool:
    """Tell whether the source of a code block has a fence at both ends."""
    opener = _OPENER.match(block)
    closer = _CLOSER.match(block.rstrip("\n").rpartition("\n")[2])
    return bool(opener and closer and closer[1].startswith(opener[2]) and opener[0] != block)

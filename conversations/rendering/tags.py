"""Raw HTML tags that are harmless, and when they are meant as tags.

"<b>" in "use the <b> tag" is text, which must not vanish: an element has its end on the same line.
Those of a list may also stand at the start of a line, as where it is typed over several lines.
"""

import re

_INLINE = "b cite code del em i ins kbd mark q s samp small strong sub sup u var"
INLINE = frozenset(_INLINE.split())
LISTS = frozenset({"ul", "ol"})
BLOCKS = LISTS | {"li", "p"}
_ALIASES = {"strike": "s", "tt": "code"}
_NAMES = "|".join(sorted({*INLINE, *BLOCKS, *_ALIASES, "br", "hr"}, key=len, reverse=True))
_TAG = re.compile(rf"<(/?)({_NAMES})\s*/?>", re.IGNORECASE)
_ALONE = re.compile(r"[ \t>]*<hr\s*/?>\s*\Z", re.IGNORECASE)
_LINE_START = re.compile(r"(?:[ \t>|]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*\Z")


class TagReader:
    """Reads the tags of one line."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._ends: dict[str, int] = {}

    def read(self, start: int, *, may_go_on: bool) -> tuple[str, str] | None:
        """Return the source and name ("b", "/b", "br") of the tag at `start`; None if it is text.

        `may_go_on`: more may be written on this line.
        """
        tag = _TAG.match(self._line, start)
        if tag is None:
            return None
        typed = tag[2].lower()
        name = _ALIASES.get(typed, typed)
        if tag[1] or name == "br":
            return tag[0], tag[1] + name
        if name == "hr":
            return (tag[0], name) if _ALONE.match(self._line) else None
        is_meant = may_go_on or self._end_of(typed) > start
        if is_meant or (name in BLOCKS and self._begins_line(start)):
            return tag[0], name
        return None

    def _end_of(self, name: str) -> int:
        """Find where the last end tag of that name begins."""
        if name not in self._ends:
            ends = re.finditer(rf"</{name}\s*>", self._line, re.IGNORECASE)
            self._ends[name] = max((end.start() for end in ends), default=-1)
        return self._ends[name]

    def _begins_line(self, start: int) -> bool:
        before = self._line[max(0, start - 20) : start]
        return before.rstrip().endswith(">") or (
            len(before) == start and _LINE_START.match(before) is not None
        )

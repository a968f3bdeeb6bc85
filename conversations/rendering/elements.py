"""The stack of open elements, and what is written into them.

It knows what Markdown's events don't say: that text in a "tight" item of a list is a paragraph,
that raw tags end where the element around them ends, and that <details> spans paragraphs.
"""

from collections import Counter
from dataclasses import dataclass, field

from conversations.rendering.tags import BLOCKS, LISTS

_DEEPEST = 48  # levels of nesting; what lies deeper is shown at that level
_PARAGRAPHS = frozenset({"Paragraph", "Implicit", "HtmlBlock"})
# Frames of raw tags are named as the tags are typed.
_RAW_LISTS = frozenset(f"<{name}>" for name in LISTS)
_MAY_HOLD_BLOCKS = _PARAGRAPHS | {"TableCell", "<li>"}
_BLOCK_MATH = '<math display="block"'
_BLOCK_ENDS = ("</ul>", "</ol>", "</p>", "<hr>", "<br>")


@dataclass
class Block:
    """A top-level block: its kind, its first and last byte in what was parsed, its HTML.

    Of a list, `parts` are the first byte and the HTML of each item, of a table those of each row;
    they stand between `opening` and `closing`.
    """

    kind: str
    start: int
    end: int
    html: str
    closing: str
    parts: list[tuple[int, str]]

    @property
    def opening(self) -> str:
        rest = len(self.closing) + sum(len(html) for _, html in self.parts)
        return self.html[: len(self.html) - rest]


@dataclass
class Frame:
    """An element that is being written; `name` is that of the event that ends it, or of a tag."""

    name: str
    start: int
    opening: str
    closing: str
    note: str
    out: list[str] = field(default_factory=list)
    too_deep: bool = False
    holds_blocks: bool = False
    paragraphs: list[int] = field(default_factory=list)
    parts: list[tuple[int, str]] = field(default_factory=list)


class Elements:
    """Collects HTML; `finish` gives it as top-level blocks."""

    def __init__(self) -> None:
        self._stack: list[Frame] = []
        self._open: Counter[str] = Counter()
        self._done: list[Block] = []
        self._start = self._end = 0

    def at(self, start: int, end: int) -> None:
        """Says which bytes of the text the following calls are about."""
        self._start, self._end = start, end

    def finish(self) -> list[Block]:
        while self._stack:
            self.pop()
        return self._done

    @property
    def top(self) -> str:
        """The innermost open element."""
        return self._stack[-1].name if self._stack else ""

    def inside(self, *names: str) -> bool:
        """Whether one of these elements is open."""
        return any(self._open[name] for name in names)

    def count(self, name: str) -> int:
        """How many elements of that name are open."""
        return self._open[name]

    def add(self, html: str) -> None:
        """Writes into the innermost element."""
        self._stack[-1].out.append(html)

    def push(self, name: str, opening: str = "", closing: str = "", note: str = "") -> None:
        frame = Frame(name, self._start, opening, closing, note)
        if len(self._stack) >= _DEEPEST and name not in _PARAGRAPHS and name != "CodeBlock":
            frame.too_deep, frame.out = True, self._stack[-1].out
        self._stack.append(frame)
        self._open[name] += 1

    def close_down_to(self, name: str) -> Frame:
        """Ends what is still open within the element of that name, and gives that element."""
        while self._stack[-1].name != name:
            self.pop()
        return self._stack[-1]

    def reopen(self, name: str, opening: str) -> None:
        """Gives the innermost element of that name another start tag."""
        for frame in reversed(self._stack):
            if frame.name == name:
                frame.opening = opening
                break

    def pop(self) -> None:
        frame = self._stack.pop()
        self._open[frame.name] -= 1
        if frame.name in _PARAGRAPHS:
            self._end_paragraph(frame)
        elif not frame.too_deep:
            if len(frame.paragraphs) > 1:
                for index in frame.paragraphs:
                    frame.out[index] = f"<p>{frame.out[index]}</p>"
            self._emit(frame)

    def _emit(self, frame: Frame) -> None:
        html = f"{frame.opening}{''.join(frame.out)}{frame.closing}"
        if not self._stack:
            start, parts = frame.start, frame.parts
            self._done.append(Block(frame.name, start, self._end, html, frame.closing, parts))
            return
        outer = self._stack[-1]
        outer.out.append(html)
        if frame.name in ("Item", "TableRow") and len(self._stack) == 1:
            outer.parts.append((frame.start, html))

    # Paragraphs

    def enter_paragraph(self) -> None:
        """Text that stands in an item of a list without a paragraph gets one, and text in a raw
        list an item.
        """
        if self.top == "Item":
            self.push("Implicit")
        elif self.top in _RAW_LISTS:
            self.push("<li>", "<li>", "</li>")

    def drops(self, text: str) -> bool:
        """Whether that text is white space between the items of a raw list."""
        return self.top in _RAW_LISTS and text.isspace()

    def break_line(self) -> None:
        """Ends a line, unless a block has ended it already."""
        out = self._stack[-1].out
        after_block = out and (out[-1].endswith(_BLOCK_ENDS) or out[-1].startswith(_BLOCK_MATH))
        if self.top not in _RAW_LISTS and not after_block:
            self.add("<br>")

    def leave_paragraph(self) -> None:
        """A block begins: ends a paragraph that nothing else would end."""
        if self.inside("Implicit"):
            self.close_down_to("Implicit")
            self.pop()

    def _end_paragraph(self, frame: Frame) -> None:
        html = "".join(frame.out).strip()
        if frame.note.startswith("details"):
            self.push("details", f"<{frame.note}>", "</details>")
            self._stack[-1].start = frame.start
        elif frame.note == "/details" and self.top == "details":
            self.pop()
        elif frame.note == "summary":
            self._stack[-1].out.append(f"<summary>{html}</summary>")
        elif frame.holds_blocks:  # which a <p> may not
            frame.opening, frame.closing, frame.out = "<div>", "</div>", [html]
            self._emit(frame)
        elif self.top == "Item":
            outer = self._stack[-1]
            outer.paragraphs.append(len(outer.out))
            outer.out.append(html)
        else:
            frame.opening, frame.closing, frame.out = "<p>", "</p>", [html]
            self._emit(frame)

    # Raw tags

    def tag(self, value: str) -> bool:
        """Writes a raw tag ("sub", "/sub", "br"); false if it is out of place."""
        if value in ("br", "/br"):
            self.add("<br>")
            return True
        if value.removeprefix("/") in (*BLOCKS, "hr"):
            return self._raw_block(value)
        if value.startswith("/"):
            return self._end_raw(f"<{value[1:]}>")
        self.enter_paragraph()
        self.push(f"<{value}>", f"<{value}>", f"</{value}>")
        return True

    def _end_raw(self, name: str) -> bool:
        is_open = self.top == name
        if is_open:
            self.pop()
        return is_open

    def _raw_block(self, value: str) -> bool:
        """Writes a tag of what a paragraph can't hold; balanced, and only where HTML has it."""
        name = value.removeprefix("/")
        is_end = value.startswith("/")
        if self.top == "<p>" and value != "/p":
            self.pop()
        if self.top == "<li>" and (name in LISTS if is_end else name == "li"):
            self.pop()
        if is_end:
            return self._end_raw(f"<{name}>")
        if name in LISTS:
            self.enter_paragraph()
        if self.top not in (_RAW_LISTS if name == "li" else _MAY_HOLD_BLOCKS):
            return False
        holder = self._stack[-1]
        holder.holds_blocks = True
        if holder.out and holder.out[-1] == "<br>":
            holder.out.pop()
        if name == "hr":
            self.add("<hr>")
        else:
            self.push(f"<{name}>", f"<{name}>", f"</{name}>")
        return True

    def block_tag(self, value: str) -> bool:
        """Notes that this paragraph stands for a raw tag; false if the tag is out of place."""
        paragraph = self._stack[-1]
        if paragraph.name != "Paragraph" or paragraph.out:
            return False
        around = self._stack[-2].name if len(self._stack) > 1 else ""
        if value in ("summary", "/details") and around != "details":
            return False
        paragraph.note = value
        return True

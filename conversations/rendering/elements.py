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
class RenderedBlock:
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
class OpenElement:
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


class ElementStack:
    """Collects HTML; `finish` gives it as top-level blocks."""

    def __init__(self) -> None:
        self._stack: list[OpenElement] = []
        self._open: Counter[str] = Counter()
        self._done: list[RenderedBlock] = []
        self._start = self._end = 0

    def set_position(self, start: int, end: int) -> None:
        """Say which bytes of the text the following calls are about."""
        self._start, self._end = start, end

    def finish(self) -> list[RenderedBlock]:
        while self._stack:
            self.pop()
        return self._done

    @property
    def top(self) -> str:
        """The innermost open element."""
        return self._stack[-1].name if self._stack else ""

    def is_inside(self, *names: str) -> bool:
        """Whether one of these elements is open."""
        return any(self._open[name] for name in names)

    def count_open(self, name: str) -> int:
        """How many elements of that name are open."""
        return self._open[name]

    def write(self, html: str) -> None:
        """Write into the innermost element."""
        self._stack[-1].out.append(html)

    def push(self, name: str, opening: str = "", closing: str = "", note: str = "") -> None:
        element = OpenElement(name, self._start, opening, closing, note)
        if len(self._stack) >= _DEEPEST and name not in _PARAGRAPHS and name != "CodeBlock":
            element.too_deep, element.out = True, self._stack[-1].out
        self._stack.append(element)
        self._open[name] += 1

    def close_down_to(self, name: str) -> OpenElement:
        """End what is still open within the element of that name, and return that element."""
        while self._stack[-1].name != name:
            self.pop()
        return self._stack[-1]

    def reopen(self, name: str, opening: str) -> None:
        """Give the innermost element of that name another start tag."""
        for element in reversed(self._stack):
            if element.name == name:
                element.opening = opening
                break

    def pop(self) -> None:
        element = self._stack.pop()
        self._open[element.name] -= 1
        if element.name in _PARAGRAPHS:
            self._end_paragraph(element)
        elif not element.too_deep:
            if len(element.paragraphs) > 1:
                for index in element.paragraphs:
                    element.out[index] = f"<p>{element.out[index]}</p>"
            self._emit_element(element)

    def _emit_element(self, element: OpenElement) -> None:
        html = f"{element.opening}{''.join(element.out)}{element.closing}"
        if not self._stack:
            start, parts = element.start, element.parts
            self._done.append(
                RenderedBlock(element.name, start, self._end, html, element.closing, parts)
            )
            return
        outer = self._stack[-1]
        outer.out.append(html)
        if element.name in ("Item", "TableRow") and len(self._stack) == 1:
            outer.parts.append((element.start, html))

    # Paragraphs

    def enter_paragraph(self) -> None:
        """Give text that stands in an item of a list without a paragraph one, and text in a raw
        list an item.
        """
        if self.top == "Item":
            self.push("Implicit")
        elif self.top in _RAW_LISTS:
            self.push("<li>", "<li>", "</li>")

    def is_dropped(self, text: str) -> bool:
        """Whether that text is white space between the items of a raw list."""
        return self.top in _RAW_LISTS and text.isspace()

    def break_line(self) -> None:
        """End a line, unless a block has ended it already."""
        out = self._stack[-1].out
        after_block = out and (out[-1].endswith(_BLOCK_ENDS) or out[-1].startswith(_BLOCK_MATH))
        if self.top not in _RAW_LISTS and not after_block:
            self.write("<br>")

    def leave_paragraph(self) -> None:
        """End a paragraph that nothing else would end, as a block begins."""
        if self.is_inside("Implicit"):
            self.close_down_to("Implicit")
            self.pop()

    def _end_paragraph(self, element: OpenElement) -> None:
        html = "".join(element.out).strip()
        if element.note.startswith("details"):
            self.push("details", f"<{element.note}>", "</details>")
            self._stack[-1].start = element.start
        elif element.note == "/details" and self.top == "details":
            self.pop()
        elif element.note == "summary":
            self._stack[-1].out.append(f"<summary>{html}</summary>")
        elif element.holds_blocks:  # which a <p> may not
            element.opening, element.closing, element.out = "<div>", "</div>", [html]
            self._emit_element(element)
        elif self.top == "Item":
            outer = self._stack[-1]
            outer.paragraphs.append(len(outer.out))
            outer.out.append(html)
        else:
            element.opening, element.closing, element.out = "<p>", "</p>", [html]
            self._emit_element(element)

    # Raw tags

    def write_tag(self, value: str) -> bool:
        """Write a raw tag ("sub", "/sub", "br"); return false if it is out of place."""
        if value in ("br", "/br"):
            self.write("<br>")
            return True
        if value.removeprefix("/") in (*BLOCKS, "hr"):
            return self._write_raw_block(value)
        if value.startswith("/"):
            return self._end_raw_tag(f"<{value[1:]}>")
        self.enter_paragraph()
        self.push(f"<{value}>", f"<{value}>", f"</{value}>")
        return True

    def _end_raw_tag(self, name: str) -> bool:
        is_open = self.top == name
        if is_open:
            self.pop()
        return is_open

    def _write_raw_block(self, value: str) -> bool:
        """Write a tag of what a paragraph can't hold; balanced, and only where HTML has it."""
        name = value.removeprefix("/")
        is_end = value.startswith("/")
        if self.top == "<p>" and value != "/p":
            self.pop()
        if self.top == "<li>" and (name in LISTS if is_end else name == "li"):
            self.pop()
        if is_end:
            return self._end_raw_tag(f"<{name}>")
        if name in LISTS:
            self.enter_paragraph()
        if self.top not in (_RAW_LISTS if name == "li" else _MAY_HOLD_BLOCKS):
            return False
        holder = self._stack[-1]
        holder.holds_blocks = True
        if holder.out and holder.out[-1] == "<br>":
            holder.out.pop()
        if name == "hr":
            self.write("<hr>")
        else:
            self.push(f"<{name}>", f"<{name}>", f"</{name}>")
        return True

    def mark_block_tag(self, value: str) -> bool:
        """Note that this paragraph stands for a raw tag; return false if it is out of place."""
        paragraph = self._stack[-1]
        if paragraph.name != "Paragraph" or paragraph.out:
            return False
        around = self._stack[-2].name if len(self._stack) > 1 else ""
        if value in ("summary", "/details") and around != "details":
            return False
        paragraph.note = value
        return True

"""pyromark's events to HTML, block by block.

The first heading is an <h3>, and none skips a level: a page has its own <h1>, and each message
stands under an <h2>. Whether an item of a list holds paragraphs (<p>) depends on
that item alone, not on blank lines elsewhere, so that a list does not change while it grows.
"""

from typing import Any

from conversations.rendering import links, tables
from conversations.rendering.code import code_block
from conversations.rendering.elements import Block, Elements
from conversations.rendering.math import mathml
from conversations.rendering.parser import ParserError, parse_events
from conversations.rendering.placeholders import ExtractedText, Placeholder
from conversations.rendering.references import References, normal
from conversations.rendering.text import escape, text_of

_INLINE = frozenset({"Emphasis", "Strong", "Strikethrough", "Link", "Image"})
_FIRST_HEADING, _LAST_HEADING = 3, 6
_LONGEST_NAME = 80
_ALIGNMENTS = {"Center": ' class="align-center"', "Right": ' class="align-right"'}
_SIMPLE = {
    "Emphasis": ("<em>", "</em>"),
    "Strong": ("<strong>", "</strong>"),
    "Strikethrough": ("<del>", "</del>"),
    "BlockQuote": ("<blockquote>", "</blockquote>"),
    "Item": ("<li>", "</li>"),
    "Table": (tables.open_table("", "auto"), "</tbody></table></div>"),
    "TableHead": ("<thead><tr>", "</tr></thead><tbody>"),
    "TableRow": ("<tr>", "</tr>"),
}


def render_blocks(extracted: ExtractedText, references: References, *, prefix: str) -> list[Block]:
    """Renders a text's blocks in order. `references` learns what the text cites and defines."""
    writer = _Writer(extracted, references, prefix)
    try:
        for event, start, end in parse_events(extracted, references):
            writer.write(event, start, end)
    except ParserError:
        source = f"<p>{escape(extracted.restore(extracted.text))}</p>"
        return [Block("Source", 0, len(extracted.text.encode()), source, "", [])]
    return writer.elements.finish()


def _named(event: Any) -> tuple[str, Any]:
    """An event, or what starts or ends, as its name and its data."""
    return (event, None) if isinstance(event, str) else next(iter(event.items()))


class _Writer:
    def __init__(self, extracted: ExtractedText, references: References, prefix: str) -> None:
        self.extracted = extracted
        self.references = references
        self.prefix = prefix
        self.elements = Elements()
        self.alignments: tuple[str, ...] = ()
        self.column = 0

    def write(self, event: Any, start: int, end: int) -> None:
        self.elements.at(start, end)
        name, value = _named(event)
        if name == "Start":
            self._begin(*_named(value))
        elif name == "End":
            self._end(_named(value)[0])
        else:
            self._leaf(name, value)

    def _begin(self, kind: str, data: Any) -> None:
        elements = self.elements
        if kind in _INLINE:
            elements.enter_paragraph()
        else:
            elements.leave_paragraph()
        match kind:
            case "Heading":
                under = self.references.nest_heading(int(data["level"].removeprefix("H")))
                level = min(_FIRST_HEADING + under, _LAST_HEADING)
                elements.push(kind, f"<h{level}>", f"</h{level}>")
            case "List":
                start = "" if data in (None, 1) else f' start="{data}"'
                tag = "ul" if data is None else "ol"
                elements.push(kind, f"<{tag}{start}>", f"</{tag}>")
            case "CodeBlock":
                elements.push(kind, note=data["Fenced"] if isinstance(data, dict) else "")
            case "Link":
                self._begin_link(data)
            case "Image":
                elements.push(kind, note=data["dest_url"])
            case "TableCell":
                self._begin_cell()
            case "FootnoteDefinition":
                self._begin_footnote(self.extracted.restore(data))
            case _:
                elements.push(kind, *_SIMPLE.get(kind, ("", "")))
        if kind == "Table":
            self.alignments = data
        if kind in ("TableHead", "TableRow"):
            self.column = 0

    def _begin_cell(self) -> None:
        tag = "th" if self.elements.inside("TableHead") else "td"
        align = _ALIGNMENTS.get(self.alignments[self.column], "")
        self.column += 1
        self.elements.push("TableCell", f"<{tag}{align}>", f"</{tag}>")

    def _begin_link(self, data: Any) -> None:
        destination, title = data["dest_url"], data["title"]
        if data["link_type"] in ("Reference", "Collapsed", "Shortcut"):
            label = normal(self.extracted.restore(data["id"]))
            destination, title = self.references.links.get(label, (destination, title))
        elif data["link_type"] == "Email":
            destination = f"mailto:{destination}"
        href = links.address(self.extracted.restore_address(destination))
        if href is None or self.elements.inside("Link", "Image"):
            self.elements.push("Link", note=destination)
        else:
            anchor = links.anchor(href, self.extracted.restore(title))
            self.elements.push("Link", anchor, "</a>", note=destination)

    def _begin_footnote(self, label: str) -> None:
        number = self.references.note(label)
        self.references.defined_notes.setdefault(normal(label), label)
        cite = f"#{self.prefix}-cite-{number}"
        back = f'<a class="footnote-back" href="{cite}">↩</a>'
        self.elements.push(
            "FootnoteDefinition",
            f'<div class="footnote" id="{self.prefix}-note-{number}">'
            f'<span class="footnote-number">{number}</span>',
            f"{back if normal(label) in self.references.cited else ''}</div>",
        )

    def _end(self, kind: str) -> None:
        frame = self.elements.close_down_to(kind)
        if kind == "CodeBlock":
            code = self.extracted.restore("".join(frame.out))
            info = self.extracted.restore(frame.note)
            frame.out = [code_block(code, info)]
        elif kind == "Link" and not "".join(frame.out).strip():
            frame.out = [escape(self.extracted.restore_address(frame.note))]  # a link of no words
        elif kind == "Image" and not frame.too_deep:
            self._end_image(frame.note, frame.out)
        elif kind == "Heading":
            self.references.heading = text_of("".join(frame.out))
        elif kind == "TableHead":
            self._name_table(frame.out)
        self.elements.pop()

    def _name_table(self, head: list[str]) -> None:
        cells = [text_of(cell) for cell in head]
        self.references.tables += 1
        name = self.references.heading or ", ".join(filter(None, cells))
        number = f"{self.prefix.lstrip('m')}.{self.references.tables}"
        opening = tables.open_table(f"{name[:_LONGEST_NAME]} ({number})", tables.direction(cells))
        self.elements.reopen("Table", opening)

    def _end_image(self, destination: str, out: list[str]) -> None:
        """An image is a link: to load it would tell a stranger that, and what, was read here."""
        destination = self.extracted.restore_address(destination)
        inside = "".join(out) or escape(destination)
        href = links.address(destination)
        if href and not self.elements.inside("Link") and self.elements.count("Image") == 1:
            inside = f"{links.anchor(href, image=True)}{inside}</a>"
        out[:] = [inside]

    def _leaf(self, name: str, value: Any) -> None:
        elements = self.elements
        match name:
            case "Text" if elements.top == "CodeBlock":
                elements.add(value)
            case "Text":
                self._text(value)
            case "Code":
                elements.enter_paragraph()
                elements.add(f"<code>{escape(self.extracted.restore(value))}</code>")
            case "SoftBreak" | "HardBreak":  # a chat keeps the lines that were typed
                elements.break_line()
            case "Rule":
                elements.leave_paragraph()
                elements.push("Rule", "<hr>")
                elements.pop()
            case "TaskListMarker":
                elements.enter_paragraph()
                elements.reopen("Item", '<li class="task">')
                checked = ' checked=""' if value else ""
                elements.add(f'<input type="checkbox" disabled=""{checked}>')
            case "FootnoteReference":
                elements.enter_paragraph()
                self._footnote(self.extracted.restore(value))
            case _:  # HTML that the extraction took for something else
                elements.enter_paragraph()
                elements.add(escape(self.extracted.restore(value)))

    def _footnote(self, label: str) -> None:
        number = self.references.note(label)
        first = normal(label) not in self.references.cited
        self.references.cited.add(normal(label))
        mark = f' id="{self.prefix}-cite-{number}"' if first else ""
        inside = str(number)
        if not self.elements.inside("Link", "Image"):
            inside = f'<a href="#{self.prefix}-note-{number}">{number}</a>'
        self.elements.add(f'<sup class="footnote-mark"{mark}>{inside}</sup>')

    def _text(self, text: str) -> None:
        for piece in self.extracted.split_at_placeholders(text) if "\ufdd0" in text else (text,):
            if isinstance(piece, Placeholder):
                self._write_placeholder(piece)
            elif piece and not self.elements.drops(piece):
                self.elements.enter_paragraph()
                self.elements.add(escape(piece))

    def _write_placeholder(self, placeholder: Placeholder) -> None:
        elements = self.elements
        if placeholder.kind != "tag" or elements.top == "Item":
            elements.enter_paragraph()
        match placeholder.kind:
            case "math":
                elements.add(mathml(placeholder.value, "inline", placeholder.source))
            case "display":
                elements.add(mathml(placeholder.value, "block", placeholder.source))
            case "unfinished":
                elements.add(f"<span>{escape(placeholder.source)}</span>")
            case "url" | "unfinished-url" if not elements.inside("Link", "Image"):
                address = (
                    links.UNFINISHED if placeholder.kind == "unfinished-url" else placeholder.value
                )
                elements.add(f"{links.anchor(address)}{escape(placeholder.value)}</a>")
            case "tag" if elements.tag(placeholder.value):
                pass
            case "block-tag" if elements.block_tag(placeholder.value):
                pass
            case _:
                elements.enter_paragraph()
                elements.add(escape(placeholder.source))

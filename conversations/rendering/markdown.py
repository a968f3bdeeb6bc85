"""pyromark's events to HTML, block by block.

The first heading is an <h3>, and none skips a level: a page has its own <h1>, and each message
stands under an <h2>. Whether an item of a list holds paragraphs (<p>) depends on
that item alone, not on blank lines elsewhere, so that a list does not change while it grows.
"""

from typing import Any

from conversations.rendering import links, tables
from conversations.rendering.code import render_code_block
from conversations.rendering.elements import ElementStack, RenderedBlock
from conversations.rendering.math import render_formula
from conversations.rendering.parser import ParserError, parse_events
from conversations.rendering.placeholders import ExtractedText, Placeholder
from conversations.rendering.references import References, normalize_label
from conversations.rendering.text import escape_text, extract_text

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


def render_blocks(
    extracted: ExtractedText, references: References, *, prefix: str
) -> list[RenderedBlock]:
    """Render a text's blocks in order. `references` learns what the text cites and defines."""
    writer = _Writer(extracted, references, prefix)
    try:
        for event, start, end in parse_events(extracted, references):
            writer.write(event, start, end)
    except ParserError:
        source = f"<p>{escape_text(extracted.restore(extracted.text))}</p>"
        return [RenderedBlock("Source", 0, len(extracted.text.encode()), source, "", [])]
    return writer.elements.finish()


def _named(event: Any) -> tuple[str, Any]:
    """Return an event, or what starts or ends, as its name and its data."""
    return (event, None) if isinstance(event, str) else next(iter(event.items()))


class _Writer:
    def __init__(self, extracted: ExtractedText, references: References, prefix: str) -> None:
        self.extracted = extracted
        self.references = references
        self.prefix = prefix
        self.elements = ElementStack()
        self.alignments: tuple[str, ...] = ()
        self.column = 0

    def write(self, event: Any, start: int, end: int) -> None:
        self.elements.set_position(start, end)
        name, value = _named(event)
        if name == "Start":
            self._begin_element(*_named(value))
        elif name == "End":
            self._end_element(_named(value)[0])
        else:
            self._write_leaf(name, value)

    def _begin_element(self, kind: str, data: Any) -> None:
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
        tag = "th" if self.elements.is_inside("TableHead") else "td"
        align = _ALIGNMENTS.get(self.alignments[self.column], "")
        self.column += 1
        self.elements.push("TableCell", f"<{tag}{align}>", f"</{tag}>")

    def _begin_link(self, data: Any) -> None:
        destination, title = data["dest_url"], data["title"]
        if data["link_type"] in ("Reference", "Collapsed", "Shortcut"):
            label = normalize_label(self.extracted.restore(data["id"]))
            destination, title = self.references.links.get(label, (destination, title))
        elif data["link_type"] == "Email":
            destination = f"mailto:{destination}"
        href = links.allow_address(self.extracted.restore_address(destination))
        if href is None or self.elements.is_inside("Link", "Image"):
            self.elements.push("Link", note=destination)
        else:
            anchor = links.open_link(href, self.extracted.restore(title))
            self.elements.push("Link", anchor, "</a>", note=destination)

    def _begin_footnote(self, label: str) -> None:
        number = self.references.note(label)
        self.references.defined_notes.setdefault(normalize_label(label), label)
        cite = f"#{self.prefix}-cite-{number}"
        back = f'<a class="footnote-back" href="{cite}">↩</a>'
        self.elements.push(
            "FootnoteDefinition",
            f'<div class="footnote" id="{self.prefix}-note-{number}">'
            f'<span class="footnote-number">{number}</span>',
            f"{back if normalize_label(label) in self.references.cited else ''}</div>",
        )

    def _end_element(self, kind: str) -> None:
        element = self.elements.close_down_to(kind)
        if kind == "CodeBlock":
            code = self.extracted.restore("".join(element.out))
            info = self.extracted.restore(element.note)
            element.out = [render_code_block(code, info)]
        elif kind == "Link" and not "".join(element.out).strip():
            element.out = [
                escape_text(self.extracted.restore_address(element.note))
            ]  # a link of no words
        elif kind == "Image" and not element.too_deep:
            self._end_image(element.note, element.out)
        elif kind == "Heading":
            self.references.heading = extract_text("".join(element.out))
        elif kind == "TableHead":
            self._name_table(element.out)
        self.elements.pop()

    def _name_table(self, head: list[str]) -> None:
        cells = [extract_text(cell) for cell in head]
        self.references.tables += 1
        name = self.references.heading or ", ".join(filter(None, cells))
        number = f"{self.prefix.lstrip('m')}.{self.references.tables}"
        opening = tables.open_table(
            f"{name[:_LONGEST_NAME]} ({number})", tables.detect_direction(cells)
        )
        self.elements.reopen("Table", opening)

    def _end_image(self, destination: str, out: list[str]) -> None:
        """Make a link of an image: to load it would tell a stranger what is read here."""
        destination = self.extracted.restore_address(destination)
        inside = "".join(out) or escape_text(destination)
        href = links.allow_address(destination)
        if href and not self.elements.is_inside("Link") and self.elements.count_open("Image") == 1:
            inside = f"{links.open_link(href, image=True)}{inside}</a>"
        out[:] = [inside]

    def _write_leaf(self, name: str, value: Any) -> None:
        elements = self.elements
        match name:
            case "Text" if elements.top == "CodeBlock":
                elements.write(value)
            case "Text":
                self._write_text(value)
            case "Code":
                elements.enter_paragraph()
                elements.write(f"<code>{escape_text(self.extracted.restore(value))}</code>")
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
                elements.write(f'<input type="checkbox" disabled=""{checked}>')
            case "FootnoteReference":
                elements.enter_paragraph()
                self._write_footnote_mark(self.extracted.restore(value))
            case _:  # HTML that the extraction took for something else
                elements.enter_paragraph()
                elements.write(escape_text(self.extracted.restore(value)))

    def _write_footnote_mark(self, label: str) -> None:
        number = self.references.note(label)
        first = normalize_label(label) not in self.references.cited
        self.references.cited.add(normalize_label(label))
        mark = f' id="{self.prefix}-cite-{number}"' if first else ""
        inside = str(number)
        if not self.elements.is_inside("Link", "Image"):
            inside = f'<a href="#{self.prefix}-note-{number}">{number}</a>'
        self.elements.write(f'<sup class="footnote-mark"{mark}>{inside}</sup>')

    def _write_text(self, text: str) -> None:
        for piece in self.extracted.split_at_placeholders(text) if "\ufdd0" in text else (text,):
            if isinstance(piece, Placeholder):
                self._write_placeholder(piece)
            elif piece and not self.elements.is_dropped(piece):
                self.elements.enter_paragraph()
                self.elements.write(escape_text(piece))

    def _write_placeholder(self, placeholder: Placeholder) -> None:
        elements = self.elements
        if placeholder.kind != "tag" or elements.top == "Item":
            elements.enter_paragraph()
        match placeholder.kind:
            case "math":
                elements.write(render_formula(placeholder.value, "inline", placeholder.source))
            case "display":
                elements.write(render_formula(placeholder.value, "block", placeholder.source))
            case "unfinished":
                elements.write(f"<span>{escape_text(placeholder.source)}</span>")
            case "url" | "unfinished-url" if not elements.is_inside("Link", "Image"):
                address = (
                    links.UNFINISHED if placeholder.kind == "unfinished-url" else placeholder.value
                )
                elements.write(f"{links.open_link(address)}{escape_text(placeholder.value)}</a>")
            case "tag" if elements.write_tag(placeholder.value):
                pass
            case "block-tag" if elements.mark_block_tag(placeholder.value):
                pass
            case _:
                elements.enter_paragraph()
                elements.write(escape_text(placeholder.source))

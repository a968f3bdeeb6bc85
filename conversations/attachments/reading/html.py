"""HTML as Markdown.

The sanitiser that replies go through too makes well-formed HTML of it first, with nothing in it
that runs, loads or hides.
"""

import re
from html.parser import HTMLParser

import nh3

from conversations.attachments.reading import texts
from conversations.attachments.reading.values import FileReading, UnreadableFileError

HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
BLOCKS = {
    *("p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "figure"),
    *("figcaption", "dl", "dt", "dd", "details", "summary", "table", "caption", "address"),
    *("ul", "ol", "li", "blockquote", "pre", "tr", "hr", *HEADINGS),
}
MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "del": "~~", "s": "~~"}
TAGS = BLOCKS | MARKS.keys() | {"a", "br", "img", "td", "th", "thead", "tbody", "tfoot"}
ATTRIBUTES = {"a": {"href"}, "img": {"alt"}, "ol": {"start"}}
DROPPED = {"script", "style", "noscript", "template", "title", "svg", "math", "iframe", "object"}
SPACES = re.compile(r"\s+")
BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
PIECE = 2**16
MAX_INDENT = 8
"""Lists in lists: what is deeper is shown as if it weren't."""


def read_html(text: str, max_text: int) -> FileReading:
    markdown = to_markdown(text, max_text)
    if not markdown:
        raise UnreadableFileError("no_text")
    return FileReading("document", "text/html", text=markdown[:max_text])


def to_markdown(html: str, max_text: int) -> str:
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        clean_content_tags=DROPPED,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    writer = MarkdownWriter()
    for start in range(0, len(clean), PIECE):
        writer.feed(clean[start : start + PIECE])
        if writer.length > max_text:
            break
    return texts.clean(BLANK_LINES.sub("\n\n", "".join(writer.parts))).strip()


class MarkdownWriter(HTMLParser):
    """Writes Markdown while it reads well-formed HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.length = 0
        self._lists: list[int | None] = []  # the next number, or none for bullets
        self._quotes = 0
        self._pre = 0
        self._links: list[str] = []
        self._row: list[str] | None = None  # the cells of the row being read
        self._rows = 0
        self._is_at_start = True  # of a line, where no spaces belong

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in MARKS:
            self._write("" if self._pre else MARKS[tag])
        elif tag in HEADINGS:
            self._begin_block(HEADINGS[tag])
        elif begin := BEGIN.get(tag):
            begin(self, attributes)
        elif tag in BLOCKS:
            self._begin_block()

    def handle_endtag(self, tag: str) -> None:
        if tag in MARKS:
            self._write("" if self._pre else MARKS[tag])
        elif end := END.get(tag):
            end(self)
        elif tag in BLOCKS:
            self._begin_block()

    def handle_data(self, data: str) -> None:
        if not self._pre:
            data = SPACES.sub(" ", data)
            if self._is_at_start:
                data = data.lstrip()
        self._write(data)

    def begin_list(self, attributes: dict[str, str]) -> None:
        self._lists.append(None)
        self._end_line()

    def begin_numbers(self, attributes: dict[str, str]) -> None:
        start = attributes.get("start", "")
        self._lists.append(int(start) if re.fullmatch("[0-9]{1,8}", start) else 1)
        self._end_line()

    def end_list(self) -> None:
        if self._lists:
            self._lists.pop()
        self._begin_block()

    def begin_item(self, attributes: dict[str, str]) -> None:
        if self._row is not None:
            return
        number = self._lists[-1] if self._lists else None
        mark = "- " if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1
        self._end_line()
        self._put("  " * min(max(0, len(self._lists) - 1), MAX_INDENT) + mark)
        self._is_at_start = True

    def begin_quotation(self, attributes: dict[str, str]) -> None:
        self._quotes += 1
        self._begin_block()

    def end_quotation(self) -> None:
        self._quotes = max(0, self._quotes - 1)
        self._begin_block()

    def begin_code(self, attributes: dict[str, str]) -> None:
        self._begin_block("```\n")
        self._pre += 1

    def end_code(self) -> None:
        self._pre = max(0, self._pre - 1)
        self._write("\n```")
        self._begin_block()

    def begin_table(self, attributes: dict[str, str]) -> None:
        self._rows = 0
        self._begin_block()

    def begin_row(self, attributes: dict[str, str]) -> None:
        self._row = []

    def begin_cell(self, attributes: dict[str, str]) -> None:
        if self._row is not None:
            self._row.append("")

    def end_row(self) -> None:
        cells, self._row = self._row, None
        if not cells:
            return
        self._end_line()
        row = (SPACES.sub(" ", cell).strip().replace("|", r"\|") for cell in cells)
        self._put(f"| {' | '.join(row)} |")
        if not self._rows:
            self._end_line()
            self._put("|" + " --- |" * len(cells))
        self._rows += 1

    def draw_line(self, attributes: dict[str, str]) -> None:
        self._begin_block("---")
        self._begin_block()

    def break_line(self, attributes: dict[str, str]) -> None:
        if self._row is None:
            self._end_line()
        else:
            self._write(" ")

    def show_image(self, attributes: dict[str, str]) -> None:
        self._write(attributes.get("alt", ""))

    def begin_link(self, attributes: dict[str, str]) -> None:
        self._links.append(attributes.get("href", ""))
        self._write("[" if self._links[-1] else "")

    def end_link(self) -> None:
        if self._links and (target := self._links.pop()):
            self._write(f"]({target})")

    def _begin_block(self, mark: str = "") -> None:
        if self._row is None:
            self._put("\n")
            self._end_line()
            self._put(mark)
        else:
            self._write(" ")

    def _end_line(self) -> None:
        if self._row is None:
            self._put("\n" + "> " * min(self._quotes, MAX_INDENT))
            self._is_at_start = True

    def _write(self, text: str) -> None:
        """Add words, to the cell of a table if there is one."""
        if not text:
            return
        if self._row is None:
            self._put(text)
            self._is_at_start = text.endswith((" ", "\n"))
        elif self._row:
            self._row[-1] += text

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)


BEGIN = {
    "ul": MarkdownWriter.begin_list,
    "ol": MarkdownWriter.begin_numbers,
    "li": MarkdownWriter.begin_item,
    "blockquote": MarkdownWriter.begin_quotation,
    "pre": MarkdownWriter.begin_code,
    "table": MarkdownWriter.begin_table,
    "tr": MarkdownWriter.begin_row,
    "td": MarkdownWriter.begin_cell,
    "th": MarkdownWriter.begin_cell,
    "hr": MarkdownWriter.draw_line,
    "br": MarkdownWriter.break_line,
    "img": MarkdownWriter.show_image,
    "a": MarkdownWriter.begin_link,
}


def end_nothing(_writer: MarkdownWriter) -> None:
    """What ends with the next of its kind."""


END = {
    "ul": MarkdownWriter.end_list,
    "ol": MarkdownWriter.end_list,
    "li": end_nothing,
    "blockquote": MarkdownWriter.end_quotation,
    "pre": MarkdownWriter.end_code,
    "tr": MarkdownWriter.end_row,
    "a": MarkdownWriter.end_link,
}

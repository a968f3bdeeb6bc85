"""Takes out of Markdown what its parser must not read, line by line (`placeholders`).

Within a line `inline_extraction` does it. Here are what is left alone, as it is code, and the
changes for tables, emphasis and block tags.
"""

import re

from conversations.rendering.containers import Containers
from conversations.rendering.emphasis import mark_emphasis
from conversations.rendering.inline_extraction import SPECIAL, InlineExtractor
from conversations.rendering.placeholders import ExtractedLine, ExtractedText, PlaceholderTable
from conversations.rendering.table_rows import TableRows

_BLOCK_TAG_LINE = re.compile(r" {0,3}</?(?:details|summary)\b|.*</details>\s*$", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"(</?details(?:\s+open(?:=\"\")?)?\s*>|<summary>.*?(?:</summary>|$))", re.IGNORECASE
)
_ALONE = re.compile(r" {0,3}\ufdd0([0-9]+)\ufdd1 *")


def extract_placeholders(source: str, *, growing: bool = False) -> ExtractedText:
    """Replace what the parser must not read in normalised text. If the text is still `growing`, a
    formula or an address at its end may be unfinished.
    """
    return _LineExtractor(source, growing).run()


class _LineExtractor:
    def __init__(self, source: str, growing: bool) -> None:
        self.rows = source.split("\n")
        self.placeholders = PlaceholderTable()
        self.inline = InlineExtractor(self.rows, self.placeholders, growing=growing)

    def run(self) -> ExtractedText:
        containers, table, inline = Containers(), TableRows(), self.inline
        lines: list[ExtractedLine] = []
        start = 0
        while inline.row < len(self.rows):
            first = inline.row
            line = self.rows[first]
            if containers.enter(line):
                text = line
                table.leave()
            elif containers.too_deep is not None:
                text = self._flatten(line, containers.too_deep)
            else:
                table.enter(line, self.rows[first + 1] if first + 1 < len(self.rows) else "")
                text = self._replace_in_line(line) if SPECIAL.search(line) else line
                if "|" in text:
                    text = table.keep_box(table.keep_cells(text, self._hide))
                if "*" in text or "~" in text:
                    text = mark_emphasis(text, self._hide(""))
                if containers.is_safe_split and self._is_formula(text):
                    text = f"\n{text}\n"  # a block of its own: nothing before waits for it
            inline.row += 1
            end = "\n" if inline.row < len(self.rows) else ""
            lines.append(ExtractedLine(text + end, start, containers.is_safe_split))
            start += sum(map(len, self.rows[first : inline.row])) + inline.row - first
        return ExtractedText(lines, self.placeholders.found, containers.fence is not None)

    def _hide(self, source: str) -> str:
        """Return a placeholder for text that means nothing to the parser."""
        return self.placeholders.add("text", source)

    def _replace_in_line(self, line: str) -> str:
        if "<" in line and _BLOCK_TAG_LINE.match(line):
            return self._replace_block_tags(line)
        return self.inline.replace_in_line(line)

    def _is_formula(self, text: str) -> bool:
        """Say whether a line is a formula on its own, and nothing else."""
        alone = _ALONE.fullmatch(text)
        return alone is not None and self.placeholders.found[int(alone[1])].kind == "display"

    def _flatten(self, line: str, start: int) -> str:
        """Make text of what would nest without end."""
        rest = line[start:]
        return line[:start] + self._hide(rest) if rest.strip() else line[:start]

    def _replace_block_tags(self, line: str) -> str:
        """Give each <details> tag and each summary on the line a paragraph of its own."""
        indent = line[: len(line) - len(line.lstrip(" "))]
        paragraphs = []
        for number, piece in enumerate(_BLOCK_TAG.split(line)):
            is_tag = number % 2 == 1
            text = self._replace_tag(piece) if is_tag else self.inline.replace_in_part(piece)
            if text:
                paragraphs.append(indent + text)
        return "\n" + "\n\n".join(paragraphs) + "\n"

    def _replace_tag(self, tag: str) -> str:
        if tag[:8].lower() == "<summary":
            inside = re.sub("</summary>$", "", tag[9:], flags=re.IGNORECASE)
            opening = self.placeholders.add("block-tag", tag[:9], "summary")
            return opening + self.inline.replace_in_part(inside)
        closing = "/" if tag[1] == "/" else ""
        opened = " open" if "open" in tag.lower() and not closing else ""
        return self.placeholders.add("block-tag", tag, f"{closing}details{opened}")

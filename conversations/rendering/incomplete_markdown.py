"""The open end of a growing text, made to look as it will when it is complete.

A line that is so far only a marker ("-", "1.", "##", a fence) is left out until it says more. The
first row of a table is shown as one before the row below it has come.
"""

import re

from conversations.rendering.close_markup import close_open_markup
from conversations.rendering.parser import parse_events
from conversations.rendering.placeholder_extraction import extract_placeholders
from conversations.rendering.placeholders import ExtractedLine, ExtractedText
from conversations.rendering.references import References

MARKER_ONLY = re.compile(
    r"(?:[ \t>]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*"
    r"(?:#{1,6}|[-*+_=|:~` \t]+|[0-9]{1,9}[.)]?|\[[ xX]?\]?|!|`{3,}[^`]*|~{3,}.*)?[ \t]*\Z"
)
_ROW = re.compile(r" {0,3}\|.*\S")
_MARKS = re.compile(r"[*_~`\[\\]")
_LEAVES = frozenset({"Paragraph", "Heading", "TableCell", "Item"})


def complete_markdown(source: str, references: References) -> tuple[ExtractedText, References]:
    """Return the text with all closed, and a copy of the references: for one rendering only."""
    start = source.rfind("\n") + 1
    dropped = source[start:] if MARKER_ONLY.match(source, start) else ""
    kept = source[: len(source) - len(dropped)]
    extracted = extract_placeholders(kept, growing=True)
    text = _with_closed_end(extracted, references)
    text += _delimiter_row(text, dropped)
    return ExtractedText(
        [ExtractedLine(text, 0, False)], extracted.placeholders, extracted.ends_in_fence
    ), references.copy()


def _with_closed_end(extracted: ExtractedText, references: References) -> str:
    text = extracted.text
    if not _MARKS.search(text, text.rfind("\n\n") + 1):
        return text
    start = _start_of_last_text(extracted, references)
    if start is None:
        return text
    last = extracted.slice_bytes(start, len(text.encode()))
    return text[: len(text) - len(last)] + close_open_markup(last)


def _start_of_last_text(extracted: ExtractedText, references: References) -> int | None:
    """Find where the last paragraph, heading or cell begins; None if the text ends in code."""
    found = None
    for event, start, end in parse_events(extracted, references.copy()):
        if not isinstance(event, dict):
            found = None if event == "Rule" else found
        elif "Start" in event:
            kind = event["Start"]
            name = kind if isinstance(kind, str) else next(iter(kind))
            if name == "CodeBlock":
                found = None
            elif name in _LEAVES and (start < end or name != "TableCell"):
                found = start
    return found


def _delimiter_row(text: str, dropped: str) -> str:
    """Return the second row of a table of which the first has been, or is being, written."""
    before, _, row = text.removesuffix("\n").rpartition("\n")
    above = before.rpartition("\n")[2]
    is_row = _ROW.match(row) or ("|" in row and "|" in dropped)
    if not is_row or "|" in above:
        return ""
    cells = row.strip().strip("|").count("|") - row.count("\\|") + 1
    end = "" if text.endswith("\n") else "\n"
    return f"{end}|{'---|' * cells}"

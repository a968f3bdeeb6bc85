"""The open end of a growing text, made to look as it will when it is complete.

A line that is so far only a marker ("-", "1.", "##", a fence) is left out until it says more. The
first row of a table is shown as one before the row below it has come.
"""

import re

from conversations.rendering.close_markup import closed
from conversations.rendering.parser import events
from conversations.rendering.placeholders import Line, Masked
from conversations.rendering.references import References
from conversations.rendering.scan import mask

_MARKER_ONLY = re.compile(
    r"(?:[ \t>]|[-*+][ \t]|[0-9]{1,9}[.)][ \t])*"
    r"(?:#{1,6}|[-*+_=|:~` \t]+|[0-9]{1,9}[.)]?|\[[ xX]?\]?|!|`{3,}[^`]*|~{3,}.*)?[ \t]*\Z"
)
_ROW = re.compile(r" {0,3}\|.*\S")
_MARKS = re.compile(r"[*_~`\[\\]")
_LEAVES = frozenset({"Paragraph", "Heading", "TableCell", "Item"})


def repaired(source: str, references: References) -> tuple[Masked, References]:
    """The masked text, and a copy of the references, for a rendering that will be thrown away."""
    start = source.rfind("\n") + 1
    dropped = source[start:] if _MARKER_ONLY.match(source, start) else ""
    kept = source[: len(source) - len(dropped)]
    masked = mask(kept, growing=True)
    text = _with_closed_end(masked, references)
    text += _delimiter_row(text, dropped)
    return Masked([Line(text, 0, False)], masked.tokens, masked.in_fence), references.copy()


def _with_closed_end(masked: Masked, references: References) -> str:
    text = masked.text
    if not _MARKS.search(text, text.rfind("\n\n") + 1):
        return text
    start = _start_of_last_text(masked, references)
    if start is None:
        return text
    last = masked.slice(start, len(text.encode()))
    return text[: len(text) - len(last)] + closed(last)


def _start_of_last_text(masked: Masked, references: References) -> int | None:
    """Where the last paragraph, heading or cell begins; None if the text ends in code."""
    found = None
    for event, start, end in events(masked, references.copy()):
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
    """The second row of a table of which the first has been, or is being, written."""
    before, _, row = text.removesuffix("\n").rpartition("\n")
    above = before.rpartition("\n")[2]
    is_row = _ROW.match(row) or ("|" in row and "|" in dropped)
    if not is_row or "|" in above:
        return ""
    cells = row.strip().strip("|").count("|") - row.count("\\|") + 1
    end = "" if text.endswith("\n") else "\n"
    return f"{end}|{'---|' * cells}"

"""Markdown with placeholders → pyromark's events."""

from collections.abc import Iterator

import pyromark
from pyromark import Options
from pyromark.event import BrokenLink, Event

from conversations.rendering.placeholders import ExtractedText
from conversations.rendering.references import References, normalize_label

_OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_TASKLISTS
)


class ParserError(Exception):
    """The parser, which is written in Rust, hit a bug of its own."""


def parse_events(
    extracted: ExtractedText, references: References
) -> Iterator[tuple[Event, int, int]]:
    """Yield the events of a text with their first and last byte in `extracted.text`.

    Labels that the text itself doesn't define are looked up in `references`.
    """

    def defined_before(link: BrokenLink) -> tuple[str, str] | None:
        return references.links.get(normalize_label(extracted.restore(link["reference"])))

    before = _known_footnotes(references) if "[^" in extracted.text else ""
    skip = len(before.encode())
    try:
        parsed = pyromark.events_with_range(
            before + extracted.text,
            options=_OPTIONS,
            merge_text=True,
            broken_link_callback=defined_before,
        )
        for event, span in parsed:
            if span["start"] >= skip:
                yield event, span["start"] - skip, span["end"] - skip
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # which pyo3 exports no class for
            raise ParserError from error
        raise


def find_link_definitions(extracted: ExtractedText) -> dict[str, tuple[str, str]]:
    """Return the link references that a text defines: label → address and title."""
    if "]:" not in extracted.text:
        return {}
    found = pyromark.reference_definitions(extracted.text, options=_OPTIONS)
    return {
        normalize_label(extracted.restore(label)): (
            extracted.restore_address(definition["dest"]),
            extracted.restore(definition["title"] or ""),
        )
        for label, definition in found.items()
    }


def _known_footnotes(references: References) -> str:
    """Define earlier footnotes anew so that references to them are seen; a rule ends them."""
    if not references.defined_notes:
        return ""
    notes = [f"[^{label}]: x\n\n" for label in references.defined_notes.values()]
    return "".join(notes) + "---\n\n"

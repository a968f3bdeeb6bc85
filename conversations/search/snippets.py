"""Short parts of long texts: around what was searched for, around a place, or the beginning."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import combining

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chatsite.core.text import limit_marks
from conversations.search.normalizing import normalize_text
from conversations.search.positions import Span, locate_span

BEFORE, LENGTH = 50, 160
# How far a cut may move to find the end of a word.
SLACK = 20
# Characters of an excerpt on either side of the place, and of one that has no place.
AROUND = 80
BEGINNING = 2 * AROUND
ELLIPSIS = "…"


@dataclass(frozen=True)
class Excerpt:
    before: str
    found: str
    after: str


def cut_excerpt(text: str, begin: int, end: int) -> Excerpt:
    """Return what stands between two places, and around them; how the text begins, if they are
    one.
    """
    if begin == end:
        return Excerpt("", "", cut_at_word(text, BEGINNING))
    before = text[max(0, begin - AROUND) : begin]
    return Excerpt(
        f"{ELLIPSIS}{before.partition(' ')[2] or before}" if begin > AROUND else before,
        text[begin : min(end, begin + BEGINNING)],
        cut_at_word(text[end:], AROUND),
    )


def cut_at_word(text: str, length: int) -> str:
    """Return the beginning of a text, up to a space where it has any."""
    if len(text) <= length:
        return text
    return f"{text[:length].rpartition(' ')[0] or text[:length]}{ELLIPSIS}"


def cut_at_length(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length].rstrip()}{ELLIPSIS}"


def make_snippet(text: str, terms: Sequence[str]) -> SafeString:
    """Return the part around the first of the terms, as HTML in which all of them are marked; how
    the text begins, if it has none of them.
    """
    text = limit_marks(text)
    normalized = normalize_text(text)
    found = [(place, len(term)) for term in terms if (place := normalized.find(term)) >= 0]
    place, length = min(found, default=(0, 0))
    start, end = locate_span(text, place, place + length)
    first = cut_before(text, max(0, start - BEFORE))
    last = cut_after(text, max(first + LENGTH, end))
    return format_html(
        "{}{}{}",
        ELLIPSIS if text[:first].strip() else "",
        mark_terms(text[first:last], terms),
        ELLIPSIS if text[last:].strip() else "",
    )


def cut_before(text: str, place: int) -> int:
    if place == 0:
        return 0
    for cut in range(place, min(place + SLACK, len(text))):
        if text[cut - 1].isspace():
            return cut
    while place > 0 and combining(text[place]):
        place -= 1
    return place


def cut_after(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    for cut in range(place, max(place - SLACK, 0), -1):
        if text[cut].isspace():
            return cut
    while place < len(text) and combining(text[place]):
        place += 1
    return place


def mark_terms(text: str, terms: Sequence[str]) -> SafeString:
    parts = []
    place = 0
    for start, end in merge_spans(sorted(find_spans(text, terms))):
        parts.append(format_html("{}<mark>{}</mark>", text[place:start], text[start:end]))
        place = end
    return format_html_join("", "{}", ((part,) for part in [*parts, text[place:]]))


def find_spans(text: str, terms: Sequence[str]) -> Iterator[Span]:
    normalized = normalize_text(text)
    for term in terms:
        for match in re.finditer(re.escape(term), normalized):
            yield locate_span(text, *match.span())


def merge_spans(spans: Sequence[Span]) -> Iterator[Span]:
    """Merge those that touch or overlap; they come in order."""
    open_: Span | None = None
    for start, end in spans:
        if open_ and start <= open_[1]:
            open_ = open_[0], max(open_[1], end)
            continue
        if open_:
            yield open_
        open_ = start, end
    if open_:
        yield open_

"""The part of a message that a rule found, with what stands around it."""

from collections.abc import Iterable
from dataclasses import dataclass

from conversations.models import Message
from conversations.review.models import Rule
from conversations.review.rules.expressions import (
    InvalidPatternError,
    Span,
    compiled,
    typed,
    words_pattern,
)
from conversations.review.rules.matching import Subject
from conversations.search.positions import locate_span

# Characters on either side of what was found, and of a message in which nothing particular was.
AROUND = 80
BEGINNING = 2 * AROUND


@dataclass(frozen=True)
class Excerpt:
    before: str
    found: str
    after: str


def excerpts_of(rule: Rule, messages: Iterable[Message]) -> list[Excerpt]:
    """CPU work alone: for `offload`."""
    return [excerpt(rule, message) for message in messages]


def excerpt(rule: Rule, message: Message) -> Excerpt:
    subject = Subject(message)
    begin, end = place(rule, subject)
    if begin == end:
        return Excerpt(
            "", "", shortened(subject.text[:BEGINNING], cut=len(subject.text) > BEGINNING)
        )
    before = subject.text[max(0, begin - AROUND) : begin]
    after = subject.text[end : end + AROUND]
    return Excerpt(
        f"…{before.partition(' ')[2] or before}" if begin > AROUND else before,
        subject.text[begin : min(end, begin + BEGINNING)],
        shortened(after, cut=len(subject.text) > end + AROUND),
    )


def shortened(text: str, *, cut: bool) -> str:
    """Cut after a word, where there are spaces."""
    return f"{text.rpartition(' ')[0] or text}…" if cut else text


def place(rule: Rule, subject: Subject) -> tuple[int, int]:
    """Where it is in the text; nowhere, for what a rule finds by number or, changed since, doesn't
    find any more.
    """
    try:
        if rule.kind == Rule.Kind.WORDS:
            found = compiled(words_pattern(rule.text)).search(subject.folded)
            return in_text(subject, subject.folded, word_in(found)) if found else (0, 0)
        if rule.kind == Rule.Kind.PATTERN:
            found = typed(rule.text).search(subject.plain)
            return in_text(subject, subject.plain, found.span()) if found else (0, 0)
    except InvalidPatternError:
        pass
    return 0, 0


def word_in(found: Span) -> tuple[int, int]:
    """Without what only shows that it is a whole word."""
    spans = map(found.span, range(1, len(found.groups()) + 1))
    return next(span for span in spans if span != (-1, -1))


def in_text(subject: Subject, searched: bytes, found: tuple[int, int]) -> tuple[int, int]:
    """Bytes of what was searched as characters of the text: folded, "ß" has become two of them."""
    begin, end = (len(searched[:position].decode("utf-8", "ignore")) for position in found)
    if searched == subject.plain:
        return begin, end
    return locate_span(subject.text, begin, end)

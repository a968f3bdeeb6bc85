"""The part of a message that a rule found, with what stands around it."""

from collections.abc import Iterable

from conversations.models import Message
from conversations.review.models import Rule
from conversations.review.rules.expressions import (
    ExpressionMatch,
    InvalidPatternError,
    build_words_pattern,
    compile_expression,
    compile_typed,
)
from conversations.review.rules.matching import SearchedMessage
from conversations.search.positions import locate_span
from conversations.search.snippets import Excerpt, cut_excerpt


def make_excerpts(rule: Rule, messages: Iterable[Message]) -> list[Excerpt]:
    """Return an excerpt of each message. CPU work alone: for `offload`."""
    return [make_excerpt(rule, message) for message in messages]


def make_excerpt(rule: Rule, message: Message) -> Excerpt:
    searched = SearchedMessage(message)
    return cut_excerpt(searched.text, *locate_match(rule, searched))


def locate_match(rule: Rule, searched: SearchedMessage) -> tuple[int, int]:
    """Return where the match is in the text; nowhere, for what a rule finds by number or, changed
    since, doesn't find any more.
    """
    try:
        if rule.kind == Rule.Kind.WORDS:
            match = compile_expression(build_words_pattern(rule.text)).search(
                searched.normalized_utf8
            )
            if match:
                begin, end = decode_positions(searched.normalized_utf8, find_word(match))
                return locate_span(searched.text, begin, end)
        if rule.kind == Rule.Kind.PATTERN:
            match = compile_typed(rule.text).search(searched.utf8)
            if match:
                return decode_positions(searched.utf8, match.span())
    except InvalidPatternError:
        pass
    return 0, 0


def find_word(match: ExpressionMatch) -> tuple[int, int]:
    """Return where the word is, without what only shows that it is a whole word."""
    spans = map(match.span, range(1, len(match.groups()) + 1))
    return next(each for each in spans if each != (-1, -1))


def decode_positions(utf8: bytes, positions: tuple[int, int]) -> tuple[int, int]:
    """Return positions in bytes as positions in characters."""
    begin, end = (len(utf8[:position].decode("utf-8", "ignore")) for position in positions)
    return begin, end

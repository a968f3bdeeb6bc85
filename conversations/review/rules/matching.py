"""Whether a message has what a rule looks for, and how long it takes to find out."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from chatsite.core.text import normalize
from conversations.attachments.texts import join_texts
from conversations.models import Message
from conversations.review.models import Rule
from conversations.review.rules.expressions import (
    Expression,
    InvalidPatternError,
    build_words_pattern,
    compile_expression,
    compile_typed,
)
from conversations.search.normalizing import normalize_text

# Characters of a message that are looked at; those after them are not.
LONGEST = 100_000
# Seconds of computing that a rule may take over a batch of messages: few hundred at most.
LIMIT = 1.0
# Bytes of a text that are tried first, and how many times as many come next.
BEGINNING = 4_000
LONGER = 4


class RuleTooSlowError(Exception):
    """A rule took longer than it may."""


class SearchedMessage:
    """A message as rules look at it: each form of its text is made once, however many rules ask."""

    def __init__(self, message: Message) -> None:
        self.message = message

    @cached_property
    def text(self) -> str:
        return normalize(join_texts(self.message)[:LONGEST], "NFC")

    @cached_property
    def utf8(self) -> bytes:
        return self.text.encode("utf-8", "replace")

    @cached_property
    def normalized_utf8(self) -> bytes:
        return normalize_text(self.text).encode("utf-8", "replace")


@dataclass(frozen=True)
class RuleMatches:
    rule_id: int
    messages: list[Message]
    # Whether it took too long, and so didn't look at all of them.
    is_too_slow: bool = False
    # Why the engine can't look for it at all.
    fault: str = ""


def match_rules(rules: Sequence[Rule], messages: Iterable[Message]) -> list[RuleMatches]:
    """Return what each rule matches. CPU work alone: for `offload`."""
    searched_messages = [SearchedMessage(message) for message in messages]
    return [match_rule(rule, searched_messages) for rule in rules]


def match_rule(rule: Rule, searched_messages: Sequence[SearchedMessage]) -> RuleMatches:
    found: list[Message] = []
    try:
        matches = make_matcher(rule)
    except InvalidPatternError as error:
        return RuleMatches(rule.pk, found, fault=error.sentence)
    # The thread's own time: that a machine is busy with other things is no fault of the rule.
    began = time.thread_time()
    try:
        for searched in searched_messages:
            if is_of_role(rule, searched.message) and matches(searched):
                found.append(searched.message)
            refuse_when_slow(began, LIMIT)
    except RuleTooSlowError:
        return RuleMatches(rule.pk, found, is_too_slow=True)
    return RuleMatches(rule.pk, found)


def refuse_when_slow(began: float, limit: float) -> None:
    if time.thread_time() - began > limit:
        raise RuleTooSlowError


def contains_match(pattern: Expression, text: bytes) -> bool:
    """Search the text. Nothing can break a search off, so a long text is tried by its beginning
    first: what takes too long is known before it has taken many times as long. Raises
    RuleTooSlowError.
    """
    size = BEGINNING
    while size < len(text):
        began = time.thread_time()
        pattern.search(text, 0, size)
        size *= LONGER
        refuse_when_slow(began, LIMIT / LONGER)
    return pattern.search(text) is not None


def is_of_role(rule: Rule, message: Message) -> bool:
    return not rule.role or rule.role == message.role


def make_matcher(rule: Rule) -> Callable[[SearchedMessage], bool]:
    threshold = rule.threshold
    if rule.kind == Rule.Kind.WORDS:
        words = compile_expression(build_words_pattern(rule.text))
        return lambda searched: words.search(searched.normalized_utf8) is not None
    if rule.kind == Rule.Kind.PATTERN:
        pattern = compile_typed(rule.text)
        return lambda searched: contains_match(pattern, searched.utf8)
    if threshold is None:
        return lambda _searched: False
    if rule.kind == Rule.Kind.COST:
        return lambda searched: (searched.message.cost_usd or 0) > threshold
    return lambda searched: len(searched.message.text) > threshold

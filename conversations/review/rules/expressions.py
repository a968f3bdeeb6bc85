"""Expressions in the syntax of RE2, an engine whose time grows with the length of a text and with
that of its program: no pattern can make it try for ever. So it lacks look-around and back
references, and what would make a program too long is refused.

The words of a rule become such an expression as well.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from typing import Any, Protocol, cast

import re2
from django.utils.translation import gettext as _

from chatsite.core.errors import UserFacingError
from chatsite.core.text import normalize
from conversations.search.normalizing import normalize_text

MEMORY = 8 << 20  # bytes that one expression may take
# Instructions of the engine's program. The worst 1,000 of them took 1.5 s of computing for 100,000
# characters, usual ones a hundredth of that; \pL alone is 1,200.
INSTRUCTIONS = 5_000

# Between words of these scripts stands no space, or what belongs to a word is joined to it.
JOINED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
LETTER = r"[\pL\pN\pM_]"
NO_LETTER = rf"[^\pL\pN\pM_]|[{JOINED}]"
SPACE = r"[\s\pZ]+"


class ExpressionMatch(Protocol):
    """A match. Spans are in bytes; (-1, -1) of a group that has no part in it."""

    def span(self, group: int = 0) -> tuple[int, int]: ...
    def groups(self) -> tuple[bytes | None, ...]: ...


class Expression(Protocol):
    """What RE2 makes of a pattern, for texts in UTF-8."""

    def search(
        self, text: bytes, pos: int = 0, endpos: int | None = None
    ) -> ExpressionMatch | None: ...


class InvalidPatternError(UserFacingError):
    """The pattern can't be a rule's."""

    status = 422


@lru_cache(maxsize=200)
def compile_expression(pattern: str) -> Expression:
    """Compile a pattern. Raises InvalidPatternError, with the engine's own reason."""
    return cast(Expression, build_expression(pattern))


@lru_cache(maxsize=200)
def compile_typed(pattern: str) -> Expression:
    """Compile an expression that somebody wrote. It has no groups: to tell what is in them takes
    long. Raises InvalidPatternError.
    """
    expression = build_expression(normalize(pattern, "NFC"), never_capture=True)
    if (size := expression._regexp.ProgramSize()) > INSTRUCTIONS:
        raise InvalidPatternError(
            _(
                "The expression is too large: %(size)s steps, where %(most)s are possible. What is "
                "repeated {100} times counts a hundredfold: repeat less, or make several rules."
            )
            % {"size": f"{size:,}", "most": f"{INSTRUCTIONS:,}"}
        )
    return cast(Expression, expression)


def build_expression(pattern: str, *, never_capture: bool = False) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    options.never_capture = never_capture
    try:
        # Not re2.compile, whose own cache may take a gigabyte.
        return re2._Regexp(pattern.encode("utf-8", "replace"), options)
    except re2.error as error:
        raise InvalidPatternError(explain_refusal(pattern, extract_reason(error))) from None


def extract_reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)


def explain_refusal(pattern: str, reason: str) -> str:
    sentence = _("The expression can’t be used: %(reason)s.") % {"reason": reason.strip(" .")}
    if "invalid perl operator" in reason and any(
        mark in pattern for mark in ("(?=", "(?!", "(?<=", "(?<!", "(?>")
    ):
        hint = _("Look-ahead and look-behind aren’t possible here; describe what is to be found.")
    elif "invalid escape sequence" in reason and reason.rstrip()[-1:].isdigit():
        hint = _("Back references aren’t possible here; write out what is repeated.")
    elif "invalid repetition size" in reason:
        hint = _("At most 1,000 repetitions are possible, nested ones multiplied.")
    elif "too large" in reason:
        hint = _("Shorten it, or make several rules of it.")
    else:
        return sentence
    return f"{sentence} {hint}"


def check_pattern(pattern: str) -> None:
    """Raise InvalidPatternError, also for what would find something in every message."""
    if compile_typed(pattern).search(b""):
        raise InvalidPatternError(
            _("The expression matches every message, even an empty one. Make it ask for more.")
        )


def split_words(text: str) -> list[str]:
    """Return the words, one a line, normalized, each once, with single spaces."""
    lines = (" ".join(normalize_text(line).split()) for line in text.splitlines())
    return list(dict.fromkeys(filter(None, lines)))


@lru_cache(maxsize=200)
def build_words_pattern(text: str) -> str:
    """Return a pattern that finds any of the words in a normalized text: as whole words, except at
    an end that is no letter, or one of a script that has no space there. A group of it is the
    word alone.
    """
    words = sorted(split_words(text), key=find_bounds)
    return "|".join(
        join_alternatives(group, begins_word=begins, ends_word=ends)
        for (begins, ends), group in groupby(words, key=find_bounds)
    )


def join_alternatives(words: Iterable[str], *, begins_word: bool, ends_word: bool) -> str:
    either = "|".join(SPACE.join(map(re2.escape, word.split())) for word in words)
    before = rf"(?:^|{NO_LETTER})" if begins_word else ""
    after = rf"(?:{NO_LETTER}|$)" if ends_word else ""
    return f"{before}({either}){after}"


def find_bounds(word: str) -> tuple[bool, bool]:
    """Say whether a word's beginning and its end have to be those of a word in the text."""
    return is_bounded(word[0]), is_bounded(word[-1])


@lru_cache(maxsize=2_000)
def is_bounded(character: str) -> bool:
    encoded = character.encode()
    is_letter = compile_expression(LETTER).search(encoded) is not None
    return is_letter and compile_expression(f"[{JOINED}]").search(encoded) is None

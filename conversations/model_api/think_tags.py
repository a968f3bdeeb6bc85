"""Tells thinking from the answer where a model writes both into its text.

Reasoning models begin with `<think>…</think>`, unless their server takes it apart. Only what stands
before the first word of the answer is taken for thinking: later, such a tag is something that the
model writes about.
"""

import re
from enum import Enum, auto

from conversations.model_api.deltas import LONGEST_REASONING, Delta, join_deltas

NAMES = ("think", "thinking", "thought", "reasoning")
# Beyond so much white space nothing is waited for any more.
LONGEST_HELD = 256

_OPENING = re.compile(rf"\s*<({'|'.join(NAMES)})>", re.IGNORECASE)
_OPENINGS = tuple(f"<{name}>" for name in NAMES)
_LONE_CLOSING = re.compile(rf"^[ \t]*</({'|'.join(NAMES)})>[ \t]*$", re.IGNORECASE | re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE)
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\r?\n)+")


def split_unopened_thinking(text: str) -> Delta:
    """Split a whole text in which thinking ends that never began into thinking and answer: some
    servers put the opening tag into the prompt. Where it doesn't, all of it is the answer.
    """
    closing = _LONE_CLOSING.search(text)
    if not closing:
        return Delta(text)
    thought = text[: closing.start()]
    is_in_code = len(_FENCE.findall(thought)) % 2 == 1
    is_opened = f"<{closing[1].lower()}>" in thought.lower()
    if is_in_code or is_opened or len(thought) > LONGEST_REASONING:
        return Delta(text)
    answer = text[closing.end() :].removeprefix("\n")
    return Delta(_BLANK_LINES.sub("", answer), thought.strip())


class _Place(Enum):
    START = auto()  # nothing of the answer has come yet
    THINKING = auto()
    ANSWER = auto()


class ThinkTagParser:
    """Give it all text through `add()`, in pieces cut anywhere, and say `end()`.

    Holds back what may be the beginning of a tag until that is known.
    """

    def __init__(self) -> None:
        self._place = _Place.START
        self._held = ""
        self._closing = ""
        self._has_opened = False  # there was a tag, if only around nothing
        self._has_thought = False
        self._is_fresh = False  # nothing has come yet of what the last tag opened

    def add(self, text: str) -> Delta:
        if self._place is _Place.ANSWER and not self._held:
            return Delta(text)  # nearly all of a reply
        self._held += text
        deltas = []
        while (delta := self._next()) is not None:
            deltas.append(delta)
        return join_deltas(deltas)

    def end(self) -> Delta:
        """Return what was held back: no tag, as it seems."""
        held, self._held = self._held, ""
        if self._place is _Place.THINKING:
            return self._reasoned(held)
        return Delta("" if self._has_opened and not held.strip() else held)

    def _next(self) -> Delta | None:
        """Return as much as is known of what was held; None when more must come first."""
        match self._place:
            case _Place.START:
                return self._begin()
            case _Place.THINKING:
                return self._think()
        answer, self._held = self._held, ""
        return Delta(answer) if answer else None

    def _begin(self) -> Delta | None:
        """Decide at the start if thinking follows or the answer; None while it may be either."""
        if opening := _OPENING.match(self._held):
            self._place, self._closing = _Place.THINKING, f"</{opening[1].lower()}>"
            self._held = self._held[opening.end() :]
            self._has_opened = self._is_fresh = True
            return Delta()
        begun = self._held.lstrip().lower()
        may_open = any(opening.startswith(begun) for opening in _OPENINGS)
        if may_open and len(self._held) <= LONGEST_HELD:
            return None
        self._place = _Place.ANSWER
        if self._has_opened:
            self._held = _BLANK_LINES.sub("", self._held)
        return Delta()

    def _think(self) -> Delta | None:
        """Return more of the thinking, up to its end."""
        closing = re.search(re.escape(self._closing), self._held, re.IGNORECASE)
        if closing:
            self._place = _Place.START
            thought, self._held = self._held[: closing.start()], self._held[closing.end() :]
            return self._reasoned(thought.rstrip())
        kept = self._begun_closing()
        thought = self._held[: len(self._held) - kept]
        self._held = self._held[len(thought) :]
        return self._reasoned(thought) if thought else None

    def _begun_closing(self) -> int:
        """Count the characters at the end that may be the beginning of the closing tag."""
        for length in range(min(len(self._closing) - 1, len(self._held)), 0, -1):
            if self._closing.startswith(self._held[-length:].lower()):
                return length
        return 0

    def _reasoned(self, thought: str) -> Delta:
        if self._is_fresh:
            thought = thought.lstrip()
            if not thought:
                return Delta()
            if self._has_thought:
                thought = f"\n\n{thought}"
            self._is_fresh, self._has_thought = False, True
        return Delta(reasoning=thought)

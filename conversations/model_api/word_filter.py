"""Words as they come → words as they are kept: clean, the thinking apart and not too long."""

from conversations.model_api.clean_text import TextCleaner
from conversations.model_api.deltas import LONGEST_REASONING, Delta
from conversations.model_api.think_tags import ThinkTagParser

CUT = "[…]"


class WordFilter:
    """Give it all words through `add()` and say `end()`; may hold some back meanwhile."""

    def __init__(self) -> None:
        # How many characters have come, to tell silence from words.
        self.received_length = 0
        self._text, self._reasoning = TextCleaner(), TextCleaner()
        self._tags = ThinkTagParser()
        self._reasoned = 0

    def add(self, delta: Delta) -> Delta:
        self.received_length += len(delta.text) + len(delta.reasoning)
        words = self._tags.add(self._text.add(delta.text))
        if delta.reasoning:
            words = Delta(reasoning=self._reasoning.add(delta.reasoning)) + words
        return self._limit_reasoning(words) if words.reasoning else words

    def end(self) -> Delta:
        """Return what was held back, at the end of all words."""
        last = Delta(reasoning=self._reasoning.end()) + self._tags.add(self._text.end())
        return self._limit_reasoning(last + self._tags.end())

    def _limit_reasoning(self, delta: Delta) -> Delta:
        """Drop the thinking that is too much to keep, and mark the cut."""
        before, self._reasoned = self._reasoned, self._reasoned + len(delta.reasoning)
        if self._reasoned <= LONGEST_REASONING:
            return delta
        kept = delta.reasoning[: max(0, LONGEST_REASONING - before)]
        return Delta(delta.text, f"{kept} {CUT}" if before <= LONGEST_REASONING else "")

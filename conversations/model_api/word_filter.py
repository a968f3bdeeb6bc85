"""Words as they come → words as they are kept: clean, the thinking apart and not too long."""

from conversations.model_api.clean_text import CleanText
from conversations.model_api.deltas import LONGEST_REASONING, Delta
from conversations.model_api.think_tags import ThinkTags

CUT = "[…]"


class WordFilter:
    """Give it all words through `add()` and say `end()`; may hold some back meanwhile."""

    def __init__(self) -> None:
        # How many characters have come, to tell silence from words.
        self.heard = 0
        self._text, self._reasoning = CleanText(), CleanText()
        self._tags = ThinkTags()
        self._reasoned = 0

    def add(self, delta: Delta) -> Delta:
        self.heard += len(delta.text) + len(delta.reasoning)
        words = self._tags.add(self._text.add(delta.text))
        if delta.reasoning:
            words = Delta(reasoning=self._reasoning.add(delta.reasoning)) + words
        return self._bounded(words) if words.reasoning else words

    def end(self) -> Delta:
        """What was held back, at the end of all words."""
        last = Delta(reasoning=self._reasoning.end()) + self._tags.add(self._text.end())
        return self._bounded(last + self._tags.end())

    def _bounded(self, delta: Delta) -> Delta:
        """Without the thinking that is too much to keep; its cut is marked."""
        before, self._reasoned = self._reasoned, self._reasoned + len(delta.reasoning)
        if self._reasoned <= LONGEST_REASONING:
            return delta
        kept = delta.reasoning[: max(0, LONGEST_REASONING - before)]
        return Delta(delta.text, f"{kept} {CUT}" if before <= LONGEST_REASONING else "")

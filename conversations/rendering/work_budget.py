"""A token bucket for the work on a growing text: what a pass over its open end may cost.

Rendering an open end again with every few characters is quadratic in its length. Each new character
pays for a fixed amount of work, so the sum over a stream is linear, whatever the text. A small open
end is free: it is shown at once. A large one lags behind by a small part of its length.

Costs are counted, not timed, so that the same pieces of text always give the same HTML.
"""

from collections.abc import Iterable

# In characters of HTML: what a pass may cost for nothing, and what each new character pays for.
FREE = 2_048
PER_CHARACTER = 128
# A line, or a definition that the text made before, takes about as long as so many characters.
_LINE = 16
_DEFINITION = 8


class WorkBudget:
    """What has been spent beyond what was earned."""

    def __init__(self) -> None:
        self._debt = 0

    @property
    def is_positive(self) -> bool:
        """Whether another pass may be made."""
        return self._debt == 0

    def earn(self, characters: int) -> None:
        self._debt = max(0, self._debt - PER_CHARACTER * characters)

    def spend(self, cost: int) -> None:
        self._debt += max(0, cost - FREE)


def estimate_cost(source: str, html: Iterable[str], definitions: int) -> int:
    """Estimate what it took to make that HTML from that source."""
    return (
        len(source) + _LINE * source.count("\n") + sum(map(len, html)) + _DEFINITION * definitions
    )

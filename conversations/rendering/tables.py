"""Tables: a region that scrolls, with a name of its own, and the direction that columns run in."""

from collections.abc import Sequence
from unicodedata import bidirectional

from conversations.rendering.text import escape_attribute

_RIGHT_TO_LEFT = ("R", "AL")
_MOST_READ = 1_000


def open_table(name: str, direction: str) -> str:
    """Return all that comes before the head of a table."""
    label = f' aria-label="{escape_attribute(name)}"' if name else ""
    return f'<div class="table" role="region" tabindex="0"{label}><table{label} dir="{direction}">'


def detect_direction(head: Sequence[str]) -> str:
    """Tell where columns run, by the letters of the head; "auto" leaves it to the cells."""
    kinds = [bidirectional(character) for character in "".join(head)[:_MOST_READ]]
    to_left, to_right = sum(map(kinds.count, _RIGHT_TO_LEFT)), kinds.count("L")
    if to_left or to_right:
        return "rtl" if to_left > to_right else "ltr"
    return "auto"

"""A title from the first visible words of the first message."""

import re
from unicodedata import category, combining

from django.utils.translation import gettext

from chatsite.core.visible import INVISIBLE, to_visible_line

LENGTH = 60
MARKUP = "#>*`- \t"
# A title is looked for in so many characters of the message.
BEGINNING = 4000
# The line that opens or closes a fenced block names a language at most.
FENCE = re.compile(r"\s*(?:`{3,}[^`]*|~{3,}.*)")
ZERO_WIDTH_JOINER = "\u200d"


def make_title(text: str) -> str:
    """One line of at most 60 characters, cut between words where there are any."""
    lines = [extract_readable(line) for line in text[:BEGINNING].splitlines()]
    # A row of dashes or dots is a title only where there are no words at all.
    title = next(filter(has_words, lines), "") or next(filter(None, lines), "")
    return shorten_title(title) or gettext("New chat")


def shorten_title(title: str) -> str:
    """Return a line of at most 60 characters, cut between words where there are any."""
    if len(title) <= LENGTH:
        return title
    cut = title.rfind(" ", LENGTH // 2, LENGTH)
    return title[: cut if cut > 0 else find_character_end(title, LENGTH - 1)] + "…"


def extract_readable(line: str) -> str:
    """What is seen of a line of Markdown, without the marks at its beginning."""
    if FENCE.fullmatch(line):
        return ""
    return to_visible_line(to_visible_line(line).lstrip(MARKUP))


def has_words(line: str) -> bool:
    """Whether there is a letter, a digit or a picture."""
    return any(category(char)[0] in "LN" or category(char) == "So" for char in line)


def find_character_end(text: str, end: int) -> int:
    """The end, moved so that no accent and no part of an emoji is cut from what it belongs to."""
    joined = range(end, max(end - LENGTH // 2, 0), -1)
    return next((place for place in joined if not is_joined(text, place)), end)


def is_joined(text: str, place: int) -> bool:
    """Whether what is seen of the two characters beside this place is one."""
    return bool(
        combining(text[place])
        or INVISIBLE.match(text[place])
        or category(text[place]) in ("Mc", "Sk")
        or text[place - 1] == ZERO_WIDTH_JOINER
    )

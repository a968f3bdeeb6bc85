"""Which characters of a text are seen, so that nothing that people pick from a list is invisible.

Invisible are controls, white space, surrogates, what Unicode calls default ignorable (format
characters, tags, variation selectors, Hangul fillers) and the blank pattern of Braille.
"""

import re
from unicodedata import category

# Default_Ignorable_Code_Point of Unicode 16, controls, surrogates, annotation marks, BRAILLE
# PATTERN BLANK and MUSICAL SYMBOL NULL NOTEHEAD.
INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# These change how their neighbours look: joiners in Persian, Hindi and emoji, variation selectors.
SHAPING = "\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef"
SHAPELESS = re.compile(f"(?![{SHAPING}]){INVISIBLE.pattern}")
SHAPING_NOTHING = re.compile(rf"(?:^|(?<=\s))[{SHAPING}]+|[\u200c\u200d]+(?=\s|$)")

# Separators, and marks that need a letter to stand on.
UNSEEN_CATEGORIES = {"Zs", "Zl", "Zp", "Mn", "Me"}


def is_visible(char: str) -> bool:
    """Whether the character alone puts ink on the page."""
    return category(char) not in UNSEEN_CATEGORIES and not INVISIBLE.match(char)


def has_visible(text: str) -> bool:
    return any(map(is_visible, text))


def to_visible_line(text: str) -> str:
    """Return the text in one line, without what nobody sees; empty where nothing is seen."""
    if not has_visible(text):
        return ""
    line = SHAPELESS.sub("", " ".join(text.split()))
    return " ".join(SHAPING_NOTHING.sub("", line).split())

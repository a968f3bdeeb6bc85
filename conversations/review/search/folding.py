"""Texts as search compares them: without regard to case, and cut into grams for the index.

It is ours, so that both databases give the same answers.
"""

import unicodedata
from functools import lru_cache
from operator import add
from zlib import crc32

# Numbers below a million: collisions are rare, and what an index finds is compared with the text.
BITS = 0xFFFFF
NO_GRAM = -1


def fold(text: str) -> str:
    """Equal for texts that differ in case only, or in how their accents are written.

    The four letters i of Turkish are one: its capitals can't be told from those of others.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    if folded.isascii():
        return folded
    return folded.replace("i\u0307", "i").replace("ı", "i")


def grams(folded: str) -> set[int]:
    """Numbers for all characters and all pairs of neighbours, without white space."""
    found = set(map(number, {*folded, *map(add, folded, folded[1:])}))
    found.discard(NO_GRAM)
    return found


@lru_cache(maxsize=100_000)
def number(gram: str) -> int:
    """The same in every process, unlike `hash`."""
    if any(map(str.isspace, gram)):
        return NO_GRAM
    return crc32(gram.encode()) & BITS

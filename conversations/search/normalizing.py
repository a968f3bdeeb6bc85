"""Texts as search compares them: without regard to case, and cut into grams for the index.

It is ours, so that both databases give the same answers.
"""

from collections.abc import Iterable
from functools import lru_cache
from operator import add
from zlib import crc32

from chatsite.core.text import normalize

# Numbers below a million: collisions are rare, and what an index finds is compared with the text.
BITS = 0xFFFFF
NO_GRAM = -1


def fold(text: str) -> str:
    """Equal for texts that differ in case only, or in how their accents are written.

    The four letters i of Turkish are one: its capitals can't be told from those of others.
    """
    folded = normalize(text, "NFC").casefold()
    if folded.isascii():
        return folded
    return normalize(folded.replace("ı", "i").replace("i\u0307", "i"), "NFC")


def grams(folded: str) -> set[int]:
    """Numbers for all characters and all pairs of neighbours, without white space."""
    return numbers({*folded, *pairs(folded)})


def grams_of_term(term: str) -> set[int]:
    """Those by which a term is found: pairs, and characters that stand alone."""
    return numbers(gram for run in term.split() for gram in pairs(run) or run)


def pairs(text: str) -> set[str]:
    return set(map(add, text, text[1:]))


def numbers(found: Iterable[str]) -> set[int]:
    return set(map(number, found)) - {NO_GRAM}


@lru_cache(maxsize=100_000)
def number(gram: str) -> int:
    """The same in every process, unlike `hash`."""
    if any(map(str.isspace, gram)):
        return NO_GRAM
    return crc32(gram.encode()) & BITS

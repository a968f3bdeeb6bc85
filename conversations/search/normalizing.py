"""Texts as search compares them: without regard to case, and cut into bigrams for the index.

It is ours, so that both databases give the same answers.
"""

from collections.abc import Iterable
from functools import lru_cache
from operator import add
from zlib import crc32

from chatsite.core.text import normalize

# Numbers below a million: collisions are rare, and what an index finds is compared with the text.
BITS = 0xFFFFF
NO_BIGRAM = -1


def normalize_text(text: str) -> str:
    """Return the same for texts that differ in case only, or in how their accents are written.

    The four letters i of Turkish are one: its capitals can't be told from those of others.
    """
    normalized = normalize(text, "NFC").casefold()
    if normalized.isascii():
        return normalized
    return normalize(normalized.replace("ı", "i").replace("i\u0307", "i"), "NFC")


def compute_bigrams(normalized: str) -> set[int]:
    """Number all characters and all pairs of neighbours, without white space."""
    return hash_bigrams({*normalized, *list_pairs(normalized)})


def compute_term_bigrams(term: str) -> set[int]:
    """Number what a term is found by: pairs, and characters that stand alone."""
    return hash_bigrams(bigram for run in term.split() for bigram in list_pairs(run) or run)


def list_pairs(text: str) -> set[str]:
    return set(map(add, text, text[1:]))


def hash_bigrams(found: Iterable[str]) -> set[int]:
    return set(map(hash_bigram, found)) - {NO_BIGRAM}


@lru_cache(maxsize=100_000)
def hash_bigram(bigram: str) -> int:
    """Number a bigram, the same in every process, unlike `hash`."""
    if any(map(str.isspace, bigram)):
        return NO_BIGRAM
    return crc32(bigram.encode()) & BITS

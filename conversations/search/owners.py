"""The owner of a text in the index: a search in one's own conversations finds theirs by the index
itself, however much others have written.

Among the bigrams stands a number for the owner, beyond those that bigrams have. SQLite's trigrams
are of the text alone, so there three characters that no text has stand at its end: one trigram.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from conversations.search.normalizing import BITS, compute_bigrams

# Whose owner has deleted it while it was held. No user has this id.
NOBODY = 0
# What PostgreSQL's integers hold beside the bigrams. Two users of so many may share a number: what
# is found is read from the owner's own conversations.
NUMBERS = 2**31 - (BITS + 1)
# Plane 16 is for private use, and nothing is known to use it: three characters of 15 bits.
PLANE, BITS_OF_CHARACTER, MARK_LENGTH = 0x100000, 15, 3


def compute_owner_gram(owner_id: int) -> int:
    """Number an owner, as `normalizing.py` does bigrams."""
    return BITS + 1 + owner_id % NUMBERS


def make_owner_mark(owner_id: int) -> str:
    """Return the trigram that stands for an owner."""
    size = 2**BITS_OF_CHARACTER
    places = reversed(range(MARK_LENGTH))
    return "".join(chr(PLANE + owner_id // size**place % size) for place in places)


def make_indexed_values(normalized: str, owner_id: int | None) -> dict[str, Any]:
    """Return the fields of a row of the index."""
    owner = NOBODY if owner_id is None else owner_id
    mark = "" if connection.vendor == "postgresql" else make_owner_mark(owner)
    grams: Iterable[int] = compute_bigrams(normalized) | {compute_owner_gram(owner)}
    return {"owner_id": owner, "folded": normalized + mark, "grams": grams}


def read_normalized(folded: str, owner_id: int | None) -> str:
    """Return the text of a row without its mark; one whose owner isn't known has none."""
    if owner_id is None or connection.vendor == "postgresql":
        return folded
    return folded[:-MARK_LENGTH]

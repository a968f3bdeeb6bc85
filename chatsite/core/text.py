"""Unicode normalization that takes linear time, whatever the text.

To normalize, combining marks on one letter are sorted, and `unicodedata` takes quadratic time for
that, holding the interpreter's lock: half a megabyte of marks stops the process for minutes. So
each run of them is cut to 30 before, the length of the stream-safe text format (UAX #15, section
13). No language needs more than a few. The standard puts a COMBINING GRAPHEME JOINER between
instead, which keeps all marks, but would be one more character to be searched for.
"""

import re
from collections.abc import Iterator
from typing import Literal
from unicodedata import combining
from unicodedata import normalize as normalize_unlimited

type Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

MAX_MARKS = 30
# Where all combining marks are (a test compares with the database of Unicode), and those that only
# their decompositions tell.
FIRST, LAST = 0x300, 0x1E94A
DECOMPOSED = (0xF73, 0xF75, 0xF81, 0xFF9E, 0xFF9F)
MARKS = frozenset(filter(combining, map(chr, range(FIRST, LAST + 1)))) | set(map(chr, DECOMPOSED))

# A run of marks that may be too long: each decomposes into two at most, and three may come from
# the letter before. The first pattern finds a few others as well, but is eight times as fast: a
# class has a table of its characters below U+10000 only.
SUSPICIOUS = 13
BASIC = "".join(sorted(mark for mark in MARKS if mark < "\U00010000"))
OTHER = "".join(sorted(MARKS - set(BASIC)))
CANDIDATE = re.compile(f"[{BASIC}{OTHER[0]}-{OTHER[-1]}]{{{SUSPICIOUS},}}")
RUN = re.compile(f"[{BASIC}{OTHER}]{{{SUSPICIOUS},}}")


def normalize(text: str, form: Form) -> str:
    """Return the text in a normalization form, without the marks beyond the 30th on one letter."""
    return normalize_unlimited(form, limit_marks(text))


def limit_marks(text: str) -> str:
    """Cut runs of combining marks to 30; everything else stays as it is written.

    What is canonically equivalent stays so: marks are put into their canonical order before.
    """
    if MARKS.isdisjoint(text):
        return text
    parts = []
    end = 0
    for run in find_mark_runs(text):
        begin = max(run.start() - 1, end)
        parts += [text[end:begin], shorten(text[begin : run.start()], run[0])]
        end = run.end()
    return "".join([*parts, text[end:]])


def find_mark_runs(text: str) -> Iterator[re.Match[str]]:
    for candidate in CANDIDATE.finditer(text):
        yield from RUN.finditer(text, *candidate.span())


def shorten(letter: str, marks: str) -> str:
    """Return the letter, which may be none, and as many of its marks as it may have."""
    letter_alone, own_marks = split_marks(normalize_unlimited("NFD", letter))
    inseparable = len(split_marks(normalize_unlimited("NFKD", letter))[1]) - len(own_marks)
    decomposed = "".join(map(decompose, own_marks + marks))
    if len(decomposed) + inseparable <= MAX_MARKS:
        return letter + marks
    in_order = sorted(decomposed, key=combining)
    return letter_alone + "".join(in_order[: MAX_MARKS - inseparable])


def split_marks(decomposed: str) -> tuple[str, str]:
    """Split a letter from the marks at its end."""
    end = len(decomposed)
    while end and combining(decomposed[end - 1]):
        end -= 1
    return decomposed[:end], decomposed[end:]


def decompose(mark: str) -> str:
    return normalize_unlimited("NFKD", mark)

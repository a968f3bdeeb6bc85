"""Where in a text stands what was found in the normalized one, which may be longer or shorter.

Places are led back by how long what stands before them is, normalized. That is done in pieces,
each once: a long text would take seconds otherwise.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.search.normalizing import normalize_text

# Characters in a piece, at least. It ends before one that normalizing joins to nothing that stands
# before it: of ASCII, Greek and Cyrillic, kana, ideographs, syllables of Hangul, and emoji.
PIECE = 1000
CUT = re.compile(
    "[\x00-\x7f\u0391-\u0481\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\U0001f300-\U0001faff]"
)

type Span = tuple[int, int]


@dataclass(frozen=True)
class TextPiece:
    text: str
    # Where it begins in the text, and in the normalized one.
    start: int
    normalized_start: int


def locate_span(text: str, start: int, end: int) -> Span:
    """Find where in the text that is what stands there in the normalized one."""
    if text.isascii():
        return start, end
    first, _is_exact = locate_place(text, start)
    last, is_exact = locate_place(text, end)
    # What became several letters, as ß does, counts as a whole.
    return first, last if is_exact else last + 1


def locate_place(text: str, normalized_place: int) -> tuple[int, bool]:
    """Find the last place that isn't beyond that one, normalized, and whether it is that one."""
    piece = TextPiece("", 0, 0)
    for each in split_pieces(text):
        if each.normalized_start > normalized_place:
            break
        piece = each
    wanted = normalized_place - piece.normalized_start

    def measure_normalized(length: int) -> int:
        return len(normalize_text(piece.text[:length]))

    length = bisect_right(range(len(piece.text) + 1), wanted, key=measure_normalized) - 1
    return piece.start + length, measure_normalized(length) == wanted


def split_pieces(text: str) -> Iterator[TextPiece]:
    start = normalized_start = 0
    while start < len(text):
        cut = CUT.search(text, start + PIECE)
        end = cut.start() if cut else len(text)
        yield TextPiece(text[start:end], start, normalized_start)
        normalized_start += len(normalize_text(text[start:end]))
        start = end

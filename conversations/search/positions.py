"""Where in a text stands what was found in the folded one, which may be longer or shorter.

Places are led back by how long the folding of what stands before them is. It is folded in pieces,
each once: a long text would take seconds otherwise.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from conversations.search.normalizing import fold

# Characters in a piece, at least. It ends before one that folding joins to nothing that stands
# before it: of ASCII, Greek and Cyrillic, kana, ideographs, syllables of Hangul, and emoji.
PIECE = 1000
CUT = re.compile(
    "[\x00-\x7f\u0391-\u0481\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3\U0001f300-\U0001faff]"
)

type Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    text: str
    # Where it begins in the text, and in the folded one.
    start: int
    folded_start: int


def span(text: str, start: int, end: int) -> Span:
    """Where in the text that is what stands there in the folded one."""
    if text.isascii():
        return start, end
    first, _is_exact = place(text, start)
    last, is_exact = place(text, end)
    # What became several letters, as ß does, counts as a whole.
    return first, last if is_exact else last + 1


def place(text: str, folded_place: int) -> tuple[int, bool]:
    """The last place whose folding isn't beyond that one, and whether it is that one."""
    piece = Piece("", 0, 0)
    for each in pieces(text):
        if each.folded_start > folded_place:
            break
        piece = each
    wanted = folded_place - piece.folded_start

    def folded_until(length: int) -> int:
        return len(fold(piece.text[:length]))

    length = bisect_right(range(len(piece.text) + 1), wanted, key=folded_until) - 1
    return piece.start + length, folded_until(length) == wanted


def pieces(text: str) -> Iterator[Piece]:
    start = folded_start = 0
    while start < len(text):
        cut = CUT.search(text, start + PIECE)
        end = cut.start() if cut else len(text)
        yield Piece(text[start:end], start, folded_start)
        folded_start += len(fold(text[start:end]))
        start = end

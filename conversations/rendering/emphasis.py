"""Emphasis next to punctuation, as people mean it.

By CommonMark `**注意：**请` is no emphasis: the closing run stands after punctuation and before a
letter. In CJK text, which has no spaces, that is how one writes; the amendment "CJK-friendly
emphasis" (tats-u) lets a run open and close wherever a CJK character stands beside it. In other
scripts a run between punctuation and a letter (`**"x"**y`) closes what is open on its line.

pyromark's rules are fixed. But what it reads can be changed: a placeholder for no text at all, put
between the run and the punctuation, is a word character to it.
"""

import re
from unicodedata import category, east_asian_width

_RUN = re.compile(r"\\.|(\*+|~+)", re.DOTALL)
_QUOTES = "\"'`"
_NEVER_LAST = "/\\#@&¿¡"


def mark_emphasis(line: str, word: str) -> str:
    """Return the line with `word`, a placeholder, where a run of `*` or `~` needs one beside it."""
    out: list[str] = []
    position = 0
    opened: dict[str, int] = {}
    for match in _RUN.finditer(line):
        run, start, end = match[1], match.start(), match.end()
        before, after = line[start - 1 : start] or " ", line[end : end + 1] or " "
        if not run or (before.isspace() and after.isspace()):
            continue
        if before.isspace() or after.isspace() or _is_sign(before) == _is_sign(after):
            place = None
        elif _is_cjk(before) or _is_cjk(after):
            place = start if _is_sign(before) else end
        elif _is_sign(before) and run in opened and _is_last(line, opened[run], start - 1):
            place = start
        else:
            place = None
        if place is not None:
            out += [line[position:place], word]
            position = place
        closes = not before.isspace() and (
            place is not None or not _is_sign(before) or after.isspace() or _is_sign(after)
        )
        if closes and run in opened:
            del opened[run]
        elif not after.isspace():
            opened[run] = end
    return "".join(out) + line[position:] if out else line


def _is_sign(character: str) -> bool:
    return category(character)[0] in "PS"


def _is_cjk(character: str) -> bool:
    return east_asian_width(character) in "WFH"


def _is_last(line: str, start: int, end: int) -> bool:
    """Whether the sign at `end` may end what begins at `start`, rather than begin something."""
    sign = line[end]
    if sign in _QUOTES:
        return line.count(sign, start, end) % 2 == 1
    return category(sign) not in ("Ps", "Pi") and sign not in _NEVER_LAST

"""Tells a formula between dollar signs from prices.

A formula hugs its signs (`$x$`, not `$ x $`), stays on its line, and no digit or word follows it:
"$5-$10", "$5 and $10" and "$HOME:$PATH" are text. "the $n$th" holds a formula.
"""

import re

_FORMULA = re.compile(r"\$((?:\\.|[^$\\])+)\$(?!\d)(?!(?!(?:th|st|nd|rd|s|d)\b)[^\W\d_])")
_PRICE = re.compile(r"\d[^\\^_={}]*\s[a-z]{2,}|[\d.,]+[^\\^_={}]*[-–/]\s*$", re.IGNORECASE)


def match_dollar_math(line: str, start: int) -> str | None:
    """Return the TeX of the formula that begins with the sign at `start`; None if none does."""
    before = line[start - 1] if start else " "
    if before.isalnum():
        return None
    match = _FORMULA.match(line, start)
    if match is None:
        return None
    tex = match[1]
    if tex != tex.strip() or _PRICE.match(tex):
        return None
    return tex


def may_begin_dollar_math(line: str, start: int) -> bool:
    """Tell whether the sign at `start` may begin a formula that is still being written."""
    rest = line[start + 1 :]
    before = line[start - 1] if start else " "
    return not (before.isalnum() or "$" in rest or rest[:1].isspace() or rest[:1].isdigit())

"""Lengths of TeX in em, within bounds: no formula is to make the page wider or taller."""

import re

from conversations.rendering.math.reader import TexReader, UnsupportedTexError

_EM = {
    "em": 1.0,
    "ex": 0.431,
    "mu": 1 / 18,
    "pt": 0.1,
    "bp": 0.1004,
    "px": 0.1004,
    "pc": 1.2,
    "mm": 0.2845,
    "cm": 2.845,
    "in": 7.227,
    "sp": 0.1 / 65536,
    "dd": 0.107,
    "cc": 1.284,
}
_LENGTH = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+))\s*(" + "|".join(_EM) + r")(?![a-z])[ ]?")
_GLUE = re.compile(r"\s*(?:plus|minus)\b")
WIDEST = 40.0
"""The most em that something without ink may be wide."""
TALLEST = 8.0
"""The most em that something without ink may be tall, or lifted."""


def parse_length(text: str, *, most: float) -> float:
    """Return a length in em; it must not be longer than `most`."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        raise UnsupportedTexError(f"{text!r} is no length")
    return _in_em(match, most)


def read_length(reader: TexReader, *, most: float) -> float:
    """Read a length without braces, as after `\\kern`."""
    reader.skip_space()
    match = reader.match(_LENGTH)
    if match is None or reader.match(_GLUE):
        raise UnsupportedTexError("no length, or one that stretches")
    return _in_em(match, most)


def write_length(em: float) -> str:
    """Return a length, without its sign, as CSS writes it."""
    return f"{abs(em):.4f}".rstrip("0").rstrip(".") + "em"


def _in_em(match: re.Match[str], most: float) -> float:
    em = float(match[1]) * _EM[match[2]]
    if abs(em) > most:
        raise UnsupportedTexError(f"{match[0]!r} is too long")
    return em

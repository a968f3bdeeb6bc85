"""The argument of `\\text` and its kin: words, their signs and spaces, and formulas."""

import unicodedata

from conversations.rendering.math.commands import TEXT
from conversations.rendering.math.reader import TexReader, UnsupportedTexError

_NO_BREAK = "\u00a0"
_ESCAPES = {
    **{f"\\{mark}": mark for mark in "%$&#_{}"},
    "\\ ": _NO_BREAK,
    "\\,": "\u2009",
    "\\:": "\u2005",
    "\\>": "\u2005",
    "\\;": "\u2004",
    "\\!": "",
    "\\-": "",
    "\\/": "",
    "~": _NO_BREAK,
}
_WORDS = {
    "quad": "\u2003",
    "qquad": "\u2003\u2003",
    "enspace": "\u2002",
    "thinspace": "\u2009",
    "ldots": "…",
    "dots": "…",
    "textellipsis": "…",
    "textendash": "–",
    "textemdash": "—",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textunderscore": "_",
    "textbar": "|",
    "textless": "<",
    "textgreater": ">",
    "textdollar": "$",
    "textdegree": "°",
    "degree": "°",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "copyright": "©",
    "pounds": "£",
    "S": "§",
    "P": "¶",
    "dag": "†",
    "ddag": "‡",
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "aa": "å",
    "AA": "Å",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "j": "ȷ",
}
_ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "c": "\u0327",
    "v": "\u030c",
    "u": "\u0306",
    "H": "\u030b",
    "r": "\u030a",
}
# TeX's ligatures for what keyboards lack.
_LIGATURES = (
    ("---", "—"),
    ("--", "–"),
    ("``", "“"),
    ("''", "”"),
    ("`", "‘"),
    ("'", "’"),
    ('"', "”"),
)
_REFUSED = frozenset("&#^")

type Piece = tuple[str, str]
"""A class and the words that have it. The class "$" marks a formula: its TeX, not yet read."""


def read_text(reader: TexReader, style: str, depth: int) -> list[Piece]:
    """Read a text between braces; `style` is the class of its words."""
    reader.expect("{")
    return _read_words(reader, style, depth)


def _read_words(reader: TexReader, style: str, depth: int) -> list[Piece]:
    if depth < 0:
        raise UnsupportedTexError("too deep")
    pieces: list[Piece] = []
    words: list[str] = []
    while (token := reader.take()) != "}":
        nested: list[Piece] = []
        if token == "{":
            nested = _read_words(reader, style, depth - 1)
        elif token == "$":
            nested = [("$", _read_formula(reader))]
        elif token.startswith("\\") and (kind := TEXT.get(token[1:])) is not None:
            nested = read_text(reader, _combine(style, kind), depth - 1)
        else:
            words.append(_read_character(reader, token))
            continue
        pieces += [(style, _ligatures("".join(words))), *nested]
        words.clear()
    pieces.append((style, _ligatures("".join(words))))
    return [piece for piece in pieces if piece[1]]


def _read_character(reader: TexReader, token: str) -> str:
    if token.isspace():
        return _NO_BREAK
    if token in _ESCAPES:
        return _ESCAPES[token]
    if not token.startswith("\\"):
        if not token or token in _REFUSED or token.startswith("%"):
            raise UnsupportedTexError(token)
        return token
    name = token[1:]
    if name in _ACCENTS:
        return _read_accented(reader, _ACCENTS[name])
    if name not in _WORDS:
        raise UnsupportedTexError(token)
    reader.skip_space()
    return _WORDS[name]


def _read_accented(reader: TexReader, accent: str) -> str:
    base = reader.take_visible()
    if base == "{":
        base = reader.take_visible()
        reader.expect("}")
    base = {r"\i": "i", r"\j": "j"}.get(base, base)  # a dotless letter takes the accent for a dot
    letter = unicodedata.normalize("NFC", base + accent)
    if len(letter) != 1:
        raise UnsupportedTexError("an accent that no letter has")
    return letter


def _read_formula(reader: TexReader) -> str:
    """Read up to the closing dollar sign."""
    tokens: list[str] = []
    while (token := reader.take()) != "$":
        if not token:
            raise UnsupportedTexError("a formula in a text does not end")
        tokens.append(token)
    return "".join(tokens)


def _ligatures(words: str) -> str:
    for typed, sign in _LIGATURES:
        words = words.replace(typed, sign)
    return words


def _combine(outer: str, inner: str) -> str:
    return " ".join(dict.fromkeys(f"{outer} {inner}".split()))

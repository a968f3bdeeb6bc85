"""File names that Windows, macOS and Linux all take, made from what people have called things."""

import unicodedata

from chatsite.core.text import normalize

FORBIDDEN = set('<>:"/\\|?*')
# Bytes of UTF-8 that a title may take of a name; file systems allow 255 for all of it.
LENGTH = 120


def file_name(title: str) -> str:
    """The title without what some system forbids; letters of every script stay. May be empty."""
    composed = normalize(title, "NFC")
    allowed = "".join(" " if is_forbidden(letter) else letter for letter in composed)
    cut = " ".join(allowed.split()).encode()[:LENGTH].decode(errors="ignore")
    # Windows drops both from the end of a name.
    return cut.strip(". ")


def is_forbidden(letter: str) -> bool:
    """Also what isn't seen: control and formatting characters can make a name look like another."""
    return letter in FORBIDDEN or unicodedata.category(letter)[0] in "CZ"

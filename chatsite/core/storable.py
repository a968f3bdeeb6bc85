"""Texts as every database takes them: PostgreSQL stores no NUL, and lone surrogates, which JSON and
forms may bring, have no UTF-8.
"""

import re

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    return not UNSTORABLE.search(text)


def to_storable_text(text: str) -> str:
    """Return the text as a database takes it, with plain line ends."""
    return text.replace("\x00", "").replace("\r\n", "\n").encode("utf-8", "replace").decode()

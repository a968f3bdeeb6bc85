"""Text from a server as a database can store it."""

import re

LONGEST_LABEL = 200

_SURROGATE = re.compile("[\ud800-\udfff]")


class TextCleaner:
    """Makes text that a database can store: no NUL characters, no half surrogate pairs.

    A pair that a server cut in two, half in one piece and half in the next, is put together.
    """

    def __init__(self) -> None:
        self._half = ""

    def add(self, piece: str) -> str:
        text = self._half + piece
        self._half = ""
        if _SURROGATE.search(text):
            if "\ud800" <= text[-1] <= "\udbff":
                text, self._half = text[:-1], text[-1]
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text.replace("\0", "") if "\0" in text else text

    def end(self) -> str:
        half, self._half = self._half, ""
        return "\ufffd" if half else ""


def clean_label(value: object) -> str | None:
    """Return a name that the server gives something; None where it gives none."""
    if not isinstance(value, str) or not value:
        return None
    return TextCleaner().add(value)[:LONGEST_LABEL]

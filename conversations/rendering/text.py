"""Escapes text as the HTML serialiser of the sanitiser does, so that it leaves it alone."""

import re
from html import unescape

_TAG = re.compile(r"<[^>]*>")


def escape_text(text: str) -> str:
    """Escape text between tags."""
    return (
        text.replace("&", "&amp;")
        .replace("\u00a0", "&nbsp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )


def escape_attribute(text: str) -> str:
    """Escape text in a double-quoted attribute."""
    return escape_text(text).replace('"', "&quot;")


def extract_text(html: str) -> str:
    """Return what is read of HTML of ours, on one line."""
    return " ".join(unescape(_TAG.sub("", html)).split())

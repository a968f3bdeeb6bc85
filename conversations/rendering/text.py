"""Escapes text as the HTML serialiser of the sanitiser does, so that it leaves it alone."""

import re
from html import unescape

_TAG = re.compile(r"<[^>]*>")


def escape(text: str) -> str:
    """For text between tags."""
    return (
        text.replace("&", "&amp;")
        .replace("\u00a0", "&nbsp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
    )


def escape_attribute(text: str) -> str:
    """For text in a double-quoted attribute."""
    return escape(text).replace('"', "&quot;")


def text_of(html: str) -> str:
    """What is read of HTML of ours, on one line."""
    return " ".join(unescape(_TAG.sub("", html)).split())

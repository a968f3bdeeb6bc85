"""Links: which addresses a reply may lead to, and the element for one."""

import re

from conversations.rendering.text import escape_attribute

UNFINISHED = "pending:"
"""The address of a link that is still being written."""

_ALLOWED = re.compile(r"https?://[^/?#\s]|mailto:[^?\s]", re.IGNORECASE)


def allow_address(destination: str) -> str | None:
    """Return the destination if it is an absolute http, https or mailto address, or unfinished."""
    return destination if destination == UNFINISHED or _ALLOWED.match(destination) else None


def open_link(destination: str, title: str = "", *, image: bool = False) -> str:
    """Return the start tag of a link."""
    if destination == UNFINISHED:
        return "<a>"
    kind = ' class="image"' if image else ""
    hint = f' title="{escape_attribute(title)}"' if title else ""
    target = escape_attribute(destination)
    # Out of the conversation; a mail program opens beside it anyway.
    tab = "" if target.lower().startswith("mailto:") else ' target="_blank"'
    return f'<a{kind} href="{target}"{hint}{tab} rel="noopener noreferrer nofollow">'

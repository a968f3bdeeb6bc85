"""Markdown to safe HTML, whole (`render`) or while it grows (`BlockStream`).

A text goes through `scan` (math, URLs and raw tags are masked), `parser` (pyromark), `markdown`
(events to HTML) and `sanitise` (nh3). Code gets its colours afterwards (`code_blocks`).
`patches` says what to send to a browser that follows a growing text. None of it touches the
database or the clock.
"""

from django.utils.safestring import SafeString, mark_safe

from conversations.rendering.blocks import BlockStream
from conversations.rendering.code_blocks import find_highlighted, insert_highlighted
from conversations.rendering.markdown import render_blocks
from conversations.rendering.placeholder_extraction import extract_placeholders
from conversations.rendering.placeholders import normalise_source
from conversations.rendering.references import References
from conversations.rendering.sanitise import clean

__all__ = ["VERSION", "BlockStream", "render"]

VERSION = 2
"""Cached HTML of another version is to be rendered anew."""


def render(text: str, *, prefix: str, earlier: str = "") -> SafeString:
    """The HTML of a whole text, any str. `prefix` ("m123") begins the ids of its footnotes.

    Code is plain, but for what had its colours in `earlier` HTML of the same text.
    """
    extracted = extract_placeholders(normalise_source(text))
    done = render_blocks(extracted, References(), prefix=prefix)
    html = "".join(clean(block.html) for block in done)
    if earlier:
        html = insert_highlighted(html, find_highlighted(earlier))
    return mark_safe(html)  # noqa: S308 - all of it has just been cleaned

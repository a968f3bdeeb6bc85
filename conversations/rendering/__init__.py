"""Markdown to safe HTML, whole (`render`) or while it grows (`BlockStream`).

A text goes through `scan` (math, URLs and raw tags are masked), `parser` (pyromark), `markdown`
(events to HTML) and `sanitise` (nh3). `increments` says what to send to a browser that follows a
growing text. None of it touches the database or the clock.
"""

from django.utils.safestring import SafeString, mark_safe

from conversations.rendering.blocks import BlockStream
from conversations.rendering.markdown import render_blocks
from conversations.rendering.masking import normalise
from conversations.rendering.references import References
from conversations.rendering.sanitise import clean
from conversations.rendering.scan import mask

__all__ = ["VERSION", "BlockStream", "render"]

VERSION = 2
"""Cached HTML of another version is to be rendered anew."""


def render(text: str, *, prefix: str) -> SafeString:
    """The HTML of a whole text, any str. `prefix` ("m123") begins the ids of its footnotes."""
    masked = mask(normalise(text))
    done = render_blocks(masked, References(), prefix=prefix, growing=False)
    html = "".join(clean(block.html) for block in done)
    return mark_safe(html)  # noqa: S308 - all of it has just been cleaned

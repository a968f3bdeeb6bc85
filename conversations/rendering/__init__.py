"""Markdown to safe HTML, whole (`render`) or while it grows (`BlockStream`). Touches neither the
database nor the clock; `README.md` has its map.
"""

from django.utils.safestring import SafeString, mark_safe

from conversations.rendering.blocks import BlockStream
from conversations.rendering.code_blocks import find_highlighted, insert_highlighted
from conversations.rendering.markdown import render_blocks
from conversations.rendering.placeholder_extraction import extract_placeholders
from conversations.rendering.placeholders import normalise_source
from conversations.rendering.references import References
from conversations.rendering.sanitise import sanitise_html

__all__ = ["VERSION", "BlockStream", "render"]

VERSION = 2
"""Cached HTML of another version is to be rendered anew."""


def render(text: str, *, prefix: str, earlier: str = "") -> SafeString:
    """Return the HTML of a whole text, any str. `prefix` ("m123") begins its footnotes' ids.

    Code is plain, but for what had its colours in `earlier` HTML of the same text.
    """
    extracted = extract_placeholders(normalise_source(text))
    done = render_blocks(extracted, References(), prefix=prefix)
    html = "".join(sanitise_html(block.html) for block in done)
    if earlier:
        html = insert_highlighted(html, find_highlighted(earlier))
    return mark_safe(html)  # noqa: S308 - all of it has just been cleaned

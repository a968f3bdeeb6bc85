"""Code blocks: a bar with the language and a button to copy, above the code.

The button is empty: rendered HTML is kept and shared between readers of different languages, so the
page's script gives it its words (and without a script nothing could be copied).
"""

import re

from conversations.rendering.highlight import LANGUAGES, highlighted
from conversations.rendering.text import escape

CLOSE = "</code></pre></div>"

_LANGUAGE = re.compile(r"[^\W_][\w+#.-]{,39}")


def code_block(code: str, info: str, *, plain: bool) -> str:
    """`info` is what stands after the opening fence; its first word names the language."""
    code = code.rstrip()
    inside = escape(code) if plain else highlighted(code, _language(info).lower())
    return f"{code_open(info)}{inside}{CLOSE}"


def code_open(info: str) -> str:
    """All that comes before the code itself."""
    label = _language(info)
    name = label.lower()
    attribute = f' class="language-{name}"' if name in LANGUAGES else ""
    return (
        '<div class="code"><div class="code-bar">'
        f'<span class="code-language">{escape(label)}</span>'
        '<button type="button" class="code-copy" data-copy-code=""></button></div>'
        f'<pre tabindex="0"><code{attribute}>'
    )


def _language(info: str) -> str:
    found = _LANGUAGE.search(info)
    return found[0] if found else ""

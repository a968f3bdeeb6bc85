"""Code blocks: a bar with the language and a button to copy, above the code.

The button is empty: rendered HTML is kept and shared between readers of different languages, so the
page's script gives it its words (and without a script nothing could be copied).
"""

import re

from conversations.rendering.languages import LANGUAGES
from conversations.rendering.text import escape_text

CLOSE = "</code></pre></div>"

_LANGUAGE = re.compile(r"[^\W_][\w+#.-]{,39}")


def render_code_block(code: str, info: str) -> str:
    """`info` is what stands after the opening fence; its first word names the language."""
    return f"{open_code_block(info)}{escape_text(code.rstrip())}{CLOSE}"


def open_code_block(info: str) -> str:
    """Return all that comes before the code itself."""
    label = read_language(info)
    name = label.lower()
    attribute = f' class="language-{name}"' if name in LANGUAGES else ""
    return (
        '<div class="code"><div class="code-bar">'
        f'<span class="code-language">{escape_text(label)}</span>'
        '<button type="button" class="code-copy" data-copy-code=""></button></div>'
        f'<pre tabindex="0"><code{attribute}>'
    )


def read_language(info: str) -> str:
    """Return the first word of what stands after an opening fence, as it is shown."""
    found = _LANGUAGE.search(info)
    return found[0] if found else ""

"""Words that come to an open paragraph, heading or item: they are put into its HTML as they are.

Most of what a model writes is such words, and nothing in them changes how what stands before is
read; rendering the whole paragraph again for them took a tenth of a reply's processor time.
"""

import re

from conversations.rendering.incomplete_markdown import MARKER_ONLY

# Letters and digits of any script, and signs that mean nothing to Markdown within a line.
_WORDS = re.compile(r"(?:[^\W_]|[ ,.;?%()’“”…–—-])*")
# What may stand after the last word of a rendered text.
_CLOSINGS = re.compile(r"(?:</(?:p|li|ul|ol|blockquote|h[1-6])>\n?)+\Z")
_LAST_WORD = re.compile(r"[^\W_]+\Z")
# What may not be shown yet, with the words after it, as it may become something else.
_HIDING = re.compile(r"[\\`$<\[|]|https?:", re.IGNORECASE)


def add_words(html: str, source: str, more: str) -> str | None:
    """Return the HTML of `source + more`, given that of `source`, the open end of a text.

    None where it has to be rendered: `more` isn't words alone, or the source doesn't end with a
    word that the HTML shows as its last and outside of any markup.
    """
    word = _LAST_WORD.search(source)
    closings = _CLOSINGS.search(html)
    if not word or not closings or not _WORDS.fullmatch(more):
        return None
    line = source.rfind("\n") + 1
    if _HIDING.search(source, line) or MARKER_ONLY.match(source, line):
        return None
    shown = html[: closings.start()]
    if not shown.endswith(word[0]):
        return None
    return f"{shown}{more.rstrip(' ')}{closings[0]}"

"""Finds code blocks in rendered HTML, and gives them the colours of their parts.

The renderer writes code plain. Colours come later, and are put into HTML that is there already:
the same code in the same language gets the same ones, wherever it stands.
"""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import NamedTuple

from conversations.rendering.languages import CLASSES, LANGUAGES
from conversations.rendering.sanitise import sanitise_parts
from conversations.rendering.text import escape_text

# As the sanitiser writes it. Nothing but code is in there, and spans.
_CODE = re.compile(r'(<pre[^>]*><code class="language-([^"]+)">)(.*?)(?=</code></pre>)', re.DOTALL)
_SPAN = re.compile(r"</?span[^>]*>")


class Code(NamedTuple):
    """The code of a block, as plain HTML."""

    language: str
    html: str

    @property
    def text(self) -> str:
        return unescape(self.html)


type Highlighted = Mapping[Code, str]


def find_code(html: str) -> list[Code]:
    """Return the code of all blocks whose language is known."""
    return list(_find_all(html))


def find_highlighted(html: str) -> dict[Code, str]:
    """Return the code that has its colours already, with the HTML that shows them."""
    found = _find_all(html)
    return {code: cleaned for code, inside in found.items() if (cleaned := _clean(code, inside))}


def is_code_block(html: str) -> bool:
    """Whether a block is one of code whose language is known, and nothing else."""
    return html.startswith('<div class="code">') and len(_CODE.findall(html)) == 1


def find_inside(html: str) -> str:
    """Return the code of the first block as it looks."""
    found = _CODE.search(html)
    return found[3] if found else ""


def _find_all(html: str) -> dict[Code, str]:
    """Return all code, and what it looks like."""
    return {
        Code(match[2], _SPAN.sub("", match[3])): match[3]
        for match in _CODE.finditer(html)
        if match[2] in LANGUAGES
    }


def insert_highlighted(html: str, highlighted: Highlighted) -> str:
    """Return the HTML with the colours of its code, where they are known."""
    return _CODE.sub(
        lambda match: match[1] + highlighted.get(Code(match[2], match[3]), match[3]), html
    )


def to_html(code: Code, runs: Iterable[tuple[str, int]]) -> str | None:
    """Return the code with a span for each run of a class; None where that is not its text.

    Where the runs come from isn't trusted: of them only known classes are taken, and lengths.
    """
    text, pieces, at = code.text, [], 0
    for name, size in runs:
        piece = escape_text(text[at : at + size])
        pieces.append(f'<span class="{name}">{piece}</span>' if name in CLASSES else piece)
        at += size
    return _clean(code, "".join(pieces))


def _clean(code: Code, html: str) -> str | None:
    """Return sanitised HTML that shows this code in colours; None if it is plain or another."""
    cleaned = sanitise_parts("CodeBlock", html)
    is_same = _SPAN.sub("", cleaned) == code.html
    return cleaned if is_same and cleaned != code.html else None

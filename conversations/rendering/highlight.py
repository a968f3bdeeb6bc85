"""Code to HTML, in spans with Pygments' short class names (`k`, `s1`, `nf` …).

`CLASSES` holds every name that can appear: what the style sheet may give colours to.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType
from pygments.util import ClassNotFound

from conversations.rendering.text import escape

LONGEST = 20_000
"""Code of more characters stays plain."""

LANGUAGES = frozenset(
    alias for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases
)

# Names, punctuation and white space look like text; "err" would mark what is merely not understood.
_PLAIN = {"", "n", "p", "w", "x", "esc", "err"}
CLASSES = frozenset(STANDARD_TYPES.values()) - _PLAIN


@lru_cache(maxsize=64)
def highlighted(code: str, language: str) -> str:
    """The code as HTML; without spans if it is too long or the language is unknown."""
    lexer = _lexer(language) if len(code) <= LONGEST else None
    if lexer is None:
        return escape(code)
    tokens = list(_tokens(lexer, code))
    if "".join(text for _, text in tokens) != code:
        return escape(code)  # a few lexers lose or change characters
    return "".join(
        _span(name, "".join(text for _, text in run))
        for name, run in groupby(tokens, key=lambda token: token[0])
    )


def _tokens(lexer: Lexer, code: str) -> Iterator[tuple[str, str]]:
    """Pairs of class and text. The lexer adds a last newline, which is not kept."""
    left = len(code)
    for kind, text in lexer.get_tokens(code):
        if left > 0:
            yield _class(kind), text[:left]
        left -= len(text)


@cache
def _class(kind: _TokenType) -> str:
    while kind not in STANDARD_TYPES and kind.parent is not None:
        kind = kind.parent
    name = STANDARD_TYPES.get(kind, "")
    return "" if name in _PLAIN else name


@cache
def _lexer(language: str) -> Lexer | None:
    """Cached for good: `language` is looked up among the known aliases first."""
    if language not in LANGUAGES:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False)
    except (ClassNotFound, ImportError):
        return None


def _span(name: str, text: str) -> str:
    return f'<span class="{name}">{escape(text)}</span>' if name else escape(text)

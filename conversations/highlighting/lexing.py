"""Divides code into runs of one class with Pygments. Runs in the helper process only."""

import json
from functools import cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

# Names, punctuation and white space look like text; "err" would mark what is merely not understood.
PLAIN = {"", "n", "p", "w", "x", "esc", "err"}

type Run = tuple[str, int]


def answer_request(request: bytes) -> bytes:
    """Take [language, code, the most runs], and give a list of runs, or null; all as JSON."""
    language, code, max_runs = json.loads(request)
    try:
        runs = find_runs(load_lexer(language), code, max_runs)
    except MemoryError:
        raise
    except Exception:
        # Lexers are many, and some have mistakes: the code stays plain.
        runs = None
    return json.dumps(runs).encode()


def find_runs(lexer: Lexer, code: str, max_runs: int) -> list[Run] | None:
    """Return class and length of each run of the code; None if they are too many, or if the lexer
    loses or changes characters.
    """
    runs: list[Run] = []
    at = 0
    for kind, token in lexer.get_tokens(code):
        # The lexer has added a last newline, which is not kept.
        text = token[: len(code) - at]
        if not code.startswith(text, at) or len(runs) > max_runs:
            return None
        at += len(text)
        name = class_name(kind)
        if text and runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + len(text))
        elif text:
            runs.append((name, len(text)))
    return runs if at == len(code) else None


@cache
def class_name(kind: _TokenType) -> str:
    """Return Pygments' short name for the kind of a token, "" for what looks like text."""
    while kind not in STANDARD_TYPES and kind.parent is not None:
        kind = kind.parent
    name = STANDARD_TYPES.get(kind, "")
    return "" if name in PLAIN else name


@cache
def load_lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False)

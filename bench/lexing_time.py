"""What the helper process of `bench.lexers` does: it tells how long a lexer takes."""

import contextlib
import json
import signal
import time

from conversations.highlighting.lexing import find_runs, load_lexer

LIMIT = 0.25  # seconds of processor time for each code: this process is ended by more


def answer(request: bytes) -> bytes:
    """Take a language and several codes, and give the seconds of processor time of each."""
    language, codes = json.loads(request)
    find_runs(load_lexer(language), "a", 1)  # what is loaded first isn't counted
    return json.dumps([measure(language, code) for code in codes]).encode()


def measure(language: str, code: str) -> float:
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    started = time.process_time()
    # Lexers have mistakes; those are not what is looked for.
    with contextlib.suppress(LookupError, ValueError, TypeError, AttributeError, RecursionError):
        find_runs(load_lexer(language), code, len(code))
    return time.process_time() - started

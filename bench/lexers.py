"""Every lexer of Pygments against hostile code: which of them take longer than a block may.

    python -m bench lexers          an hour or more; BENCH_LEXERS="python json" tries those alone

Each is given runs of one character and of pairs, and openers without their closers: of 800 and
2,000 characters, and of 8,000 and 20,000 where these may take more than 250 ms, by how it grows. A
helper process does it, which the kernel ends at 250 ms of processor time, so nothing here can run
for ever.
"""

import json
import math
import os
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from pygments.lexers import get_all_lexers

from bench.lexing_time import LIMIT
from bench.report import Row, ms
from chatsite.core.helper_process import HelperCrashedError, HelperProcess

MARGIN = 0.3  # for how inexactly growth is told by two measurements
SIZES = (800, 2_000, 8_000, 20_000)
COMMONEST = ["python", "javascript", "typescript", "java", "c", "cpp", "bash", "html", "css", "sql"]

CHARACTERS = f"{string.punctuation}{string.whitespace}aA0é"
PAIRS = (
    *("<!--", "<!", "<a ", "<a=", "</", "<?", "<%", "{{", "{%", "{-", "{a", "}{", "${", "$(", "#{"),
    *("/*", "//", "*/", "(*", "--", "-- ", "[[", "[a", "][", "((", "(a", ")(", '"""', "'''", '"a'),
    *("'a", '\\"', "\\'", "\\\n", "\\\\", "a ", "a\n", "a.", "a=", "a:", "a,", "a(", "1.", "1e"),
    *("0x", "&a", "&&", "%a", "@a", "#a", "\n ", " \n", "\n\t", "\t\n", "\r\n", "\n#", "\n*"),
    *("\n-", "\n=", "\n>", "::", ": ", "?:", "=>", "<<", "<<a\n", "```", "~~", "__", "a\t", "é "),
)
OPENERS = ("<!--", "/*", '"', "'", '"""', "{{", "{", "(", "[", "<", "<<EOF\n", "#", "/", "`", "@")
FILLERS = ("a", " ", "\n", "\\", "a ", "-", "<")


@dataclass(frozen=True)
class Pattern:
    opener: str
    filler: str

    def __str__(self) -> str:
        return repr(f"{self.opener}{self.filler * 3}…")

    def text(self, size: int) -> str:
        return (self.opener + self.filler * size)[:size]


PATTERNS = (
    *(Pattern("", character) for character in CHARACTERS),
    *(Pattern("", pair) for pair in PAIRS),
    *(Pattern(opener, filler) for opener in OPENERS for filler in FILLERS),
)


class Lexers:
    """Lexers in a helper process; `HelperProcess` replaces it when it is ended."""

    def __init__(self) -> None:
        self._helper = HelperProcess("bench.lexing_time:answer", cpu_seconds=len(PATTERNS) * LIMIT)

    def measure(self, language: str, codes: list[str]) -> list[float]:
        """Return the seconds of processor time that each took; where one had to be ended, infinity,
        and nothing of those after it.
        """
        try:
            response = self._helper.call(json.dumps([language, codes]).encode(), timeout=600)
        except HelperCrashedError:
            if len(codes) == 1:
                return [math.inf]
            half = len(codes) // 2
            first = self.measure(language, codes[:half])
            return first if math.inf in first else first + self.measure(language, codes[half:])
        return [float(seconds) for seconds in json.loads(response)]

    def stop(self) -> None:
        self._helper.stop()


def rows() -> Iterator[Row]:
    names = os.environ.get("BENCH_LEXERS", "").split() or sorted(
        names[0] for _, names, _, _ in get_all_lexers(plugins=False) if names
    )
    lexers = Lexers()
    hostile: dict[int, list[str]] = {size: [] for size in SIZES}
    for number, name in enumerate(names):
        if found := find_hostile(lexers, name):
            size, pattern = found
            hostile[size].append(name)
            print(f"{name}: {size} characters of {pattern}", file=sys.stderr)
        print(f"{number + 1} of {len(names)}", end="\r", file=sys.stderr)
    lexers.stop()
    beyond: list[str] = []
    for size, languages in hostile.items():
        beyond += languages
        common = [name for name in COMMONEST if name in beyond]
        yield Row(
            f"lexers that have an input of {size:,} characters beyond {ms(LIMIT)}",
            f"{len(beyond)} of {len(names)}",
            compared=f"{len(common)} of the {len(COMMONEST)} commonest",
        )


def find_hostile(lexers: Lexers, name: str) -> tuple[int, Pattern] | None:
    """Return the fewest characters with which this lexer had to be ended, and of what."""
    took: dict[Pattern, list[float]] = {pattern: [] for pattern in PATTERNS}
    for size in SIZES:
        took = {pattern: took[pattern] for pattern in took if may_be_hostile(took[pattern], size)}
        if not took:
            return None
        measured = lexers.measure(name, [pattern.text(size) for pattern in took])
        for pattern, seconds in zip(took, measured, strict=False):
            took[pattern].append(seconds)
            if seconds == math.inf:
                return size, pattern
    return None


def may_be_hostile(took: list[float], size: int) -> bool:
    """Whether, by how long fewer characters took, so many may take too long."""
    if len(took) < 2:
        return True
    one, other = (max(seconds, 1e-4) for seconds in took[-2:])
    less, more = SIZES[len(took) - 2 : len(took)]
    growth = math.log(other / one) / math.log(more / less) + MARGIN
    return bool(other * (size / more) ** growth > LIMIT)

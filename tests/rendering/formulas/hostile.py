"""Formulas that nobody would write, converted in a thread with as small a stack as any has.

A process of its own (`test_hostile`): what goes wrong here ends it.
"""

import random
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from conversations.rendering.math import LONGEST, commands, render_formula
from conversations.rendering.math.environments import ENVIRONMENTS
from conversations.rendering.math.special import SPECIAL
from conversations.rendering.math.symbols import FUNCTIONS, SYMBOLS

STACK = 128 * 1024
PIECES: list[str] = [
    *(f"\\{name} " for name in sorted({*SYMBOLS, *FUNCTIONS, *SPECIAL, *commands.INFIX})),
    *(f"\\{name} " for name in (*commands.MATH_ARGUMENTS, *commands.SWITCHES, "right", "middle")),
    *(f"\\begin{{{name}}}" for name in ENVIRONMENTS),
    *(f"\\end{{{name}}}" for name in ENVIRONMENTS),
    *("{}()[]^_&$%'|<>/.,;!+-=ab12∑Δ中"),
    *(r"\\", r"\{", r"\}", "{x}", "{c|c}", "{1em}", "{red}", r"\color{red}", "\n"),
]
AROUND: list[str] = [
    *("{%s}", r"\sqrt{%s}", r"\frac{%s}{y}", r"\left(%s\right)", "x^{%s}", r"\hat{%s}"),
    *(r"\begin{pmatrix}a&%s\end{pmatrix}", r"\sin(%s)", r"\text{a $%s$}", "(%s)", "[%s"),
]


def make_formula(chance: random.Random) -> str:
    """Return a repetition, a nest or a mixture."""
    kind = chance.randrange(3)
    if kind == 0:
        count = chance.choice((5, 29, 61, 400, LONGEST))
        return (chance.choice(PIECES) * count)[:LONGEST] + "}" * chance.choice((0, 29))
    if kind == 1:
        inside = "x"
        for _ in range(chance.choice((5, 14, 28, 29, 30))):
            inside = chance.choice(AROUND).replace("%s", inside)
        return inside
    return "".join(chance.choices(PIECES, k=chance.choice((3, 10, 40, 200))))


def main() -> None:
    chance = random.Random(sys.argv[1])
    for _ in range(int(sys.argv[2])):
        tex = make_formula(chance)
        sys.stderr.write(f"{tex!r}\n")
        render_formula(tex, "block", tex)


if __name__ == "__main__":
    threading.stack_size(STACK)
    thread = threading.Thread(target=main)
    thread.start()
    thread.join()

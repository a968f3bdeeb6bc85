"""TeX as models write it to the TeX that math-core draws rightly.

It is read as TeX reads it: each command gets its arguments, each argument its braces, each row its
cells. So the nesting is known before math-core sees it (it reads by recursion, in C's stack, and
too deep a formula would end the process), and what it does not know, or gets wrong, is refused
(`UnsupportedTexError`) or put in by us (`inserts`).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from conversations.rendering.math import commands
from conversations.rendering.math.environments import COLUMNS, ROWS
from conversations.rendering.math.inserts import Inserts
from conversations.rendering.math.reader import TexReader, UnsupportedTexError
from conversations.rendering.math.rows import FormulaRow, read_rows, write_rows
from conversations.rendering.math.special import SPECIAL
from conversations.rendering.math.symbols import FUNCTIONS, SYMBOLS

DEEPEST = 30
"""Levels of nesting. math-core takes about 2.6 KB of the stack for one, and a thread has 128 KB."""
LONGEST_RUN = 60
"""Large operators in a row (sums, integrals), with nothing between them but their limits."""
_OPERATOR = re.compile(
    r"\\(?:big\w+|\w*int\w*|sum|(?:co)?prod)|[\u220f-\u2211\u222b-\u2233\u22c0-\u22c3\u2a00-\u2aff]"
)
MOST_UNMATCHED = 6
"""Brackets that nothing closes: math-core's time doubles with each."""
_CELL_ENDS = frozenset({"&", r"\\", r"\cr", r"\end", "}"})
_SIGNS = frozenset(rf"\{mark}" for mark in ",:;>! {}|#$%&_")
_NOTHING = frozenset({r"\/", r"\-"})
_REFUSED = frozenset({"", "}", "&", "$", "#", "%"})
# Greek capitals are upright in TeX; MathML slants a letter on its own.
_CAPITALS = {
    "Γ": "Gamma",
    "Δ": "Delta",
    "Θ": "Theta",
    "Λ": "Lambda",
    "Ξ": "Xi",
    "Π": "Pi",
    "Σ": "Sigma",
    "Υ": "Upsilon",
    "Φ": "Phi",
    "Ψ": "Psi",
    "Ω": "Omega",
}
_UPRIGHT = {letter: rf"\{name} " for letter, name in _CAPITALS.items()}
_COMMAND = re.compile(r"\\[a-zA-Z]+")
_LACKS = {
    **dict.fromkeys(("mathcal", "mathscr"), re.compile(r"[a-z0-9]")),
    "mathit": re.compile(r"[0-9]"),
}
_NO_ARGUMENT = frozenset({"", "}", "&", "$", "#", "%", "^", "_", "'", r"\\"})
_BOLD = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu"
    " nu xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega"
    " Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega nabla partial"
)
_BOLD_SIGNS = frozenset(_BOLD.split())


def prepare_tex(tex: str, *, display: bool) -> tuple[str, Inserts]:
    """Return a formula for math-core, and what goes into its MathML."""
    parser = Parser(TexReader(tex), Inserts())
    return parser.read_formula(display=display), parser.inserts


class Parser:
    """Reads a formula, and writes it for math-core."""

    def __init__(self, reader: TexReader, inserts: Inserts, depth: int = 0) -> None:
        self.reader = reader
        self.inserts = inserts
        self.depth = depth
        self.row: FormulaRow | None = None
        self.bold = False
        self.unmatched = 0

    def read_formula(self, *, display: bool) -> str:
        """Read all there is."""
        rows = read_rows(self, COLUMNS, tags=display)
        if self.reader.peek():
            raise UnsupportedTexError("something is closed that was not opened")
        if len(rows) == 1 and len(rows[0].cells) == 1 and not rows[0].tag:
            return rows[0].cells[0]
        if not display:
            raise UnsupportedTexError("rows within a line")
        return write_rows(rows, COLUMNS if any(len(row.cells) > 1 for row in rows) else ROWS)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count what is read meanwhile as one level deeper; it can't give the row its tag."""
        depth, row = self.depth, self.row
        self.depth, self.row = depth + 1, None
        if self.depth > DEEPEST:
            raise UnsupportedTexError("too deep")
        yield
        self.depth, self.row = depth, row

    def read_cell(self, row: FormulaRow | None) -> str:
        """Read up to the end of a cell; a tag within it goes to `row`."""
        outer, self.row = self.row, row
        cell = self.read_list(_CELL_ENDS)
        self.row = outer
        return cell

    def read_list(self, ends: frozenset[str]) -> str:
        """Read up to one of the tokens that end this list, or up to the end of the formula."""
        start = depth = self.depth
        out: list[str] = []
        infix = before = ""
        opened = chained = run = 0
        while (token := self.reader.peek()) and token not in ends:
            name = token.removeprefix("\\")
            if token != name and name in commands.INFIX:
                if infix:
                    raise UnsupportedTexError("two fractions at once")
                self.reader.take()
                infix, before, out = name, "".join(out), []
                continue
            # math-core nests what follows the name of a function, a bracket after one, a switch.
            if token in commands.OPENING:
                opened += 1
            elif token in commands.CLOSING and opened:
                opened -= 1
            if name in FUNCTIONS:
                chained += 1
            elif _OPERATOR.fullmatch(token):
                run += 1  # by recursion too, in smaller steps
            elif not token.isspace() and token not in ("^", "_", r"\limits", r"\nolimits"):
                chained = run = 0
            if name in commands.SWITCHES or name == "color":
                depth += 1
            self.depth = depth + opened + chained
            if self.depth > DEEPEST or run > LONGEST_RUN:
                raise UnsupportedTexError("too deep")
            out.append(self.read_item())
        self.depth = start
        self.unmatched += opened
        if self.unmatched > MOST_UNMATCHED:
            raise UnsupportedTexError("brackets that nothing closes")
        written = "".join(out)
        return commands.INFIX[infix] % (before, written) if infix else written

    def read_group(self) -> str:
        """Read what stands between braces."""
        self.reader.expect("{")
        with self.nested():
            inside = self.read_list(frozenset("}"))
        self.reader.expect("}")
        return f"{{{inside}}}"

    def read_argument(self) -> str:
        """Read a group, or the one thing that stands for it, and give it braces."""
        token = self.reader.peek_visible()
        if token == "{":
            return self.read_group()
        name = token.removeprefix("\\")
        if token in _NO_ARGUMENT or name in commands.SWITCHES or name in commands.INFIX:
            raise UnsupportedTexError(f"{token!r} as an argument")
        with self.nested():
            return f"{{{self.read_item()}}}"

    def read_option(self) -> str:
        """Read an argument in brackets, if there is one."""
        if self.reader.peek_visible() != "[":
            return ""
        self.reader.take()
        with self.nested():
            inside = self.read_list(frozenset("]"))
        self.reader.expect("]")
        return f"[{{{inside}}}]"

    def read_item(self) -> str:
        """Read one thing: a sign, a group, or a command with its arguments."""
        token = self.reader.peek()
        if token == "{":
            return self.read_group()
        self.reader.take()
        if token.isspace():
            return "~" if token == "\u00a0" else " "
        if token in ("^", "_"):
            return token + self.read_argument()
        if len(token) > 1 and token[0] == "\\":
            return self._read_command(token)
        if token in _REFUSED:
            raise UnsupportedTexError(token)
        if token[0] == "%":  # a comment
            return ""
        return self._write_bold(token) if self.bold else _UPRIGHT.get(token, token)

    def _read_command(self, token: str) -> str:
        name = token[1:]
        if name in SYMBOLS or name in FUNCTIONS:
            if not self.bold:
                return f"{token} "
            if name not in _BOLD_SIGNS:
                raise UnsupportedTexError(f"bold {token}")
            return rf"\boldsymbol{{{token}}}"
        if token in _SIGNS:
            return token
        if token in _NOTHING:
            return ""
        if name in commands.ALIASES:
            return commands.ALIASES[name]
        if count := commands.MATH_ARGUMENTS.get(name):
            arguments = "".join(self.read_argument() for _ in range(count))
            if name in _LACKS and _LACKS[name].search(_COMMAND.sub("", arguments)):
                raise UnsupportedTexError(f"letters that {token} has not")
            return token + arguments
        if name in commands.OPTIONAL_FIRST:
            return token + self.read_option() + self.read_argument()
        if name in commands.SWITCHES:
            return f"{token} "
        if name in SPECIAL:
            return SPECIAL[name](self, name)
        raise UnsupportedTexError(token)

    def _write_bold(self, character: str) -> str:
        if character.isascii() and character.isdigit():
            return rf"\mathbf{{{character}}}"
        if character.isalpha():
            return rf"\boldsymbol{{{character}}}"
        if character in "'~":
            return character
        raise UnsupportedTexError(f"bold {character}")

"""The commands with arguments that are drawn, and how math-core is to read each of them.

What is neither here nor in `symbols` nor in `environments` is not drawn: the reader sees its
source. A command joins the tables after a look at what a browser draws.
"""

_ACCENTS = (
    "Overrightarrow acute bar breve check ddot dddot ddddot dot grave hat mathring overgroup"
    " overleftarrow overleftharpoon overleftrightarrow overline overrightarrow"
    " overrightharpoon tilde undergroup underleftarrow underleftrightarrow underline"
    " underrightarrow vec widehat widetilde overbrace overbracket overparen underbrace"
    " underbracket underparen"
)
_ALPHABETS = "Bbb frak mathbb mathbf mathcal mathfrak mathit mathrm mathscr mathsf mathtt"
_BOXES = "bcancel boxed cancel xcancel hphantom phantom vphantom"
_CLASSES = "mathbin mathclose mathinner mathopen mathord mathpunct mathrel"
_NOTATION = "Bra Braket Ket Set bra braket ket set pmod pod"
_FRACTIONS = "frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel"
_ARROWS = (
    "xLeftarrow xLeftrightarrow xRightarrow xhookleftarrow xhookrightarrow xleftarrow"
    " xleftharpoondown xleftharpoonup xleftrightarrow xleftrightharpoons xlongequal xmapsto"
    " xrightarrow xrightharpoondown xrightharpoonup xrightleftharpoons xtofrom"
    " xtwoheadleftarrow xtwoheadrightarrow"
)
_SWITCHES = "bf cal it rm sf tt displaystyle textstyle scriptstyle scriptscriptstyle"
_OPENING = "langle lbrace lbrack lvert lVert lfloor lceil"
_CLOSING = "rangle rbrace rbrack rvert rVert rfloor rceil"
_DELIMITERS = (
    f"{_OPENING} {_CLOSING} vert Vert backslash uparrow downarrow updownarrow Uparrow Downarrow"
    " Updownarrow lgroup rgroup ulcorner urcorner llcorner lrcorner"
)

MATH_ARGUMENTS = {
    **dict.fromkeys(" ".join((_ACCENTS, _ALPHABETS, _BOXES, _CLASSES, _NOTATION)).split(), 1),
    **dict.fromkeys(_FRACTIONS.split(), 2),
}
"""Commands whose arguments are formulas, and how many."""

OPTIONAL_FIRST = frozenset(("sqrt", *_ARROWS.split()))
"""Commands with an argument in brackets, which may be missing, before the one in braces."""

BOLD = frozenset(["bm", "boldsymbol", "bold"])

ALIASES = {
    "dotsb": r"\cdots ",
    "dotsc": "…",
    "dotsi": r"\cdots ",
    "dotsm": r"\cdots ",
    "dotso": "…",
    "ldots": "…",
    "dots": r"\dots ",
    "mathellipsis": "…",
    "smallsetminus": r"\setminus ",
    "varpropto": r"\propto ",
    "centerdot": r"\cdot ",
    "enskip": r"\enspace ",
    "nobreak": "",
    "allowbreak": "",
    "relax": "",
    "lbrace": r"\{",
    "rbrace": r"\}",
    **{
        name: rf"\operatorname{{{name}}}"
        for name in ["sgn", "sign", "tr", "Tr", "rank", "diag", "softmax", "span", "Var", "Cov"]
    },
}
"""Commands that math-core does not know under this name."""

SWITCHES = frozenset(_SWITCHES.split())
"""Commands that change all that follows in their group."""

INFIX = {
    "over": r"\frac{%s}{%s}",
    "atop": r"\genfrac{}{}{0pt}{}{%s}{%s}",
    "choose": r"\binom{%s}{%s}",
    "brack": r"\genfrac[]{0pt}{}{%s}{%s}",
    "brace": r"\genfrac\{\}{0pt}{}{%s}{%s}",
}
"""Commands between their arguments: all before them in their group, and all behind them."""

TEXT = {
    "text": "",
    "textrm": "",
    "textnormal": "",
    "textup": "",
    "mbox": "",
    "hbox": "",
    "textbf": "math-bold",
    "textit": "math-italic",
    "emph": "math-italic",
    "textsf": "math-sans",
    "texttt": "math-mono",
}
"""Commands whose argument is text, and the class that shows it."""

LENGTHS = frozenset(["hspace", "mspace"])
KERNS = frozenset(["kern", "mkern", "hskip", "mskip"])

SIZES = frozenset(
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "m", "r")
)
"""Commands that make the bracket behind them larger."""

DELIMITERS = {
    **{mark: mark for mark in "()[]|/."},
    "<": r"\langle ",
    ">": r"\rangle ",
    **{f"\\{name}": f"\\{name} " for name in _DELIMITERS.split()},
    r"\{": r"\{",
    r"\}": r"\}",
    r"\|": r"\|",
}
"""What may follow `\\left`, `\\right`, `\\middle` and the sizes."""

_OTHER_OPENING = (
    "lAngle lBrace lang lgroup llangle llbracket llparenthesis lparen ulcorner llcorner"
)
_OTHER_CLOSING = (
    "rAngle rBrace rang rgroup rrangle rrbracket rrparenthesis rparen urcorner lrcorner"
)
OPENING = frozenset(
    (*"([⟨⌈⌊⟦⟪", r"\{", *(f"\\{name}" for name in f"{_OPENING} {_OTHER_OPENING}".split()))
)
CLOSING = frozenset(
    (*")]⟩⌉⌋⟧⟫", r"\}", *(f"\\{name}" for name in f"{_CLOSING} {_OTHER_CLOSING}".split()))
)

COLORS = {
    "black": "#000000",
    "red": "#FF0000",
    "green": "#03FF00",
    "blue": "#0000FF",
    "cyan": "#00B9F2",
    "magenta": "#FB3199",
    "gray": "#808080",
    "brown": "#BF803F",
    "olive": "#9F8C18",
    "orange": "#FF8001",
    "purple": "#BF0140",
    "teal": "#008080",
    "violet": "#800080",
}
"""The colours that are drawn, and the shade by which math-core knows each."""

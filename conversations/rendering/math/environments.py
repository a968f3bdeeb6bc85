"""The environments that are drawn: what math-core is to read for each, and what it may hold."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Environment:
    """How an environment is drawn.

    `name` is that of math-core. `columns` limits how many columns TeX allows. `numbered` is the
    name to use if the rows carry tags: numbers that TeX would count itself depend on the document
    around a formula, and are left out. `argument` says what follows `\\begin{…}`; `joined`, that
    there is nothing between the columns.
    """

    name: str
    columns: int | None = None
    numbered: str = ""
    argument: str = ""
    spec: str = ""
    rules: bool = False
    rows: int | None = None
    joined: bool = False


_ALIGNED = Environment("aligned", numbered="align*")
_GATHERED = Environment("gathered", 1, numbered="gather*")
_EQUATION = Environment("gathered", 1, numbered="equation*", rows=1)
_ALIGNED_AT = Environment("aligned", numbered="align*", argument="number", joined=True)

ENVIRONMENTS = {
    **dict.fromkeys(("align", "align*", "flalign", "flalign*"), _ALIGNED),
    "aligned": Environment("aligned", argument="position"),
    "split": Environment("aligned", 2),
    **dict.fromkeys(("alignat", "alignat*"), _ALIGNED_AT),
    "alignedat": Environment("aligned", argument="number", joined=True),
    **dict.fromkeys(("gather", "gather*"), _GATHERED),
    "gathered": Environment("gathered", 1, argument="position"),
    **dict.fromkeys(("equation", "equation*", "displaymath"), _EQUATION),
    **dict.fromkeys(("multline", "multline*"), Environment("multline", 1)),
    **dict.fromkeys(("eqnarray", "eqnarray*"), Environment("darray", 3, spec="rcl")),
    **{
        name: Environment(name, rules=True)
        for name in ("matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix")
    },
    "smallmatrix": Environment("subarray", spec="c"),
    **{name: Environment(name, 2) for name in ("cases", "rcases", "dcases", "drcases")},
    **{name: Environment(name, argument="columns", rules=True) for name in ("array", "darray")},
    "subarray": Environment("subarray", argument="columns"),
}

DISPLAY = frozenset(
    {
        *(f"{name}{star}" for star in ("", "*") for name in ("align", "alignat", "flalign")),
        *(f"{name}{star}" for star in ("", "*") for name in ("gather", "equation", "multline")),
        *("eqnarray", "eqnarray*", "displaymath"),
    }
)
"""Those that are a formula of their own in a text, without signs around them."""

ROWS = Environment("gathered", 1, numbered="gather*")
"""A formula of several rows outside of any environment."""
COLUMNS = _ALIGNED
"""A formula of several rows and columns outside of any environment."""

"""TeX to MathML, or to its own source: a formula is drawn as TeX would, or shown as it was typed.

`preparation` reads the TeX, bounds it and refuses what would not come out right; math-core makes
MathML of it; `elements` takes over what is on a closed list. Whatever any of them does not know
shows the source, which is true, and never something else.
"""

from functools import lru_cache
from typing import Literal

from math_core import LatexError, LatexToMathML

from conversations.rendering.math.elements import (
    ATTRIBUTES,
    CLASSES,
    TAGS,
    UnsupportedMathmlError,
    write_mathml,
)
from conversations.rendering.math.environments import DISPLAY
from conversations.rendering.math.preparation import prepare_tex
from conversations.rendering.math.reader import UnsupportedTexError
from conversations.rendering.text import escape_text

__all__ = ["ATTRIBUTES", "CLASSES", "DISPLAY", "LONGEST", "TAGS", "mathml", "source_html"]

LONGEST = 4_000
"""The most characters of a formula; what is longer is shown as its source."""

_converter = LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)


@lru_cache(maxsize=4_096)
def render_formula(tex: str, display: Literal["inline", "block"], source: str) -> str:
    """Draw the formula as a <math> element; return `source`, as it was typed, if it can't be."""
    if len(tex) > LONGEST:
        return source_html(source)
    try:
        prepared, inserts = prepare_tex(tex, display=display == "block")
        markup = _converter.convert_with_local_state(prepared, displaystyle=display == "block")
        inside = write_mathml(markup, inserts)
    except (UnsupportedTexError, LatexError, UnsupportedMathmlError):
        return source_html(source)
    formula = f'<math display="{display}">{inside}</math>'
    return formula if display == "block" else f'<span class="math">{formula}</span>'


def source_html(source: str) -> str:
    """Return a formula as it was typed."""
    return f'<code class="math-source">{escape_text(source)}</code>'

"""TeX to MathML, or to its own source where that fails.

latex2mathml raises many kinds of exceptions on bad TeX, and writes the name of a command that it
doesn't know as if it were a variable. In both cases the reader gets the source, which is true.
What it makes is written out here, element by element from a list of those allowed: its own writer
does not escape text.
"""

import re
from functools import lru_cache
from html import unescape
from typing import Literal
from xml.etree.ElementTree import Element

from latex2mathml.converter import Converter

from conversations.rendering.text import escape, escape_attribute

_TAGS = (
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow"
    " mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover"
)
_ATTRIBUTES = (
    "accent accentunder columnalign columnlines columnspacing columnspan depth display displaystyle"
    " fence form height largeop linethickness lspace mathsize mathvariant maxsize minsize"
    " movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy symmetric"
    " voffset width"
)
TAGS = frozenset(_TAGS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
# What models write and the converter doesn't know, as something that it knows.
_ENVIRONMENTS = {
    "aligned": "align*",
    "align": "align*",
    "split": "align*",
    "equation": "matrix",
    "equation*": "matrix",
    "gather": "matrix",
    "gather*": "matrix",
    "gathered": "matrix",
    "dcases": "cases",
}
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([a-z]+\*?)\}")
_OPERATORS = re.compile(r"\\(arg|erf|sgn|tr|rank|diag|softmax)(?![a-zA-Z])")
# A macro could expand without end.
_MACRO = re.compile(r"\\(?:[a-z]*def|let|[a-z]*newcommand|[a-z]*environment|Declare)")
_ENTITY = re.compile(r"&#x[0-9a-fA-F]+;")
_LONGEST = 4_000
_DEEPEST = 60


class _Unknown(Exception):
    """The converter did not understand a part of the formula, or it is too deep for a browser."""


@lru_cache(maxsize=512)
def mathml(tex: str, display: Literal["inline", "block"], source: str) -> str:
    """The formula as a <math> element; `source`, as it was typed, if it can't be converted."""
    if len(tex) > _LONGEST or _MACRO.search(tex):
        return source_html(source)
    known = _OPERATORS.sub(r"\\operatorname{\1}", _ENVIRONMENT.sub(_known_environment, tex))
    if r"\\" in known and r"\begin" not in known:
        known = rf"\begin{{align*}}{known}\end{{align*}}"
    try:
        return _html(Converter(display=display).convert_to_element(known))
    except Exception:  # its own errors, IndexError, RecursionError …
        return source_html(source)


def source_html(source: str) -> str:
    """A formula as it was typed."""
    return f'<code class="math-source">{escape(source)}</code>'


def _known_environment(match: re.Match[str]) -> str:
    return f"\\{match[1]}{{{_ENVIRONMENTS.get(match[2], match[2])}}}"


def _html(element: Element, depth: int = 0) -> str:
    text = _ENTITY.sub(lambda match: unescape(match[0]), element.text or "")
    tag = element.tag
    if (
        depth > _DEEPEST
        or tag not in TAGS
        or text.startswith("\\")
        or (text == "&" and tag == "mi")
    ):
        raise _Unknown(tag, text)
    inside = escape(text) + "".join(_html(child, depth + 1) for child in element)
    attributes = {name: value for name, value in element.items() if name in ATTRIBUTES}
    if tag == "mrow" and len(element) == 1 and not attributes:
        return inside
    listed = "".join(f' {name}="{escape_attribute(attributes[name])}"' for name in attributes)
    return f"<{tag}{listed}>{inside}</{tag}>"

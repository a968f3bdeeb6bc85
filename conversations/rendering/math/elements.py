"""math-core's MathML as ours: a closed list of elements, attributes and classes.

What it says in `style`, which the site's policy for content forbids, becomes a class
(`static/css/math.css`). What is not on the list is refused, so that nothing is drawn
without what it needs to look right.
"""

import re
from xml.etree.ElementTree import XML, Element, ParseError

from conversations.rendering.math.commands import COLORS
from conversations.rendering.math.inserts import JOINED, Inserts, has_placeholder
from conversations.rendering.text import escape_attribute, escape_text

_BOOLEAN = re.compile("true|false")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(?:em)?")
_VALUES: dict[str, dict[str, re.Pattern[str]]] = {
    "mfrac": {"linethickness": re.compile("0"), "displaystyle": _BOOLEAN},
    "mi": {"mathvariant": re.compile("normal")},
    "mo": {
        "form": re.compile("prefix|infix|postfix"),
        "lspace": _LENGTH,
        "maxsize": _LENGTH,
        "minsize": _LENGTH,
        "movablelimits": _BOOLEAN,
        "rspace": _LENGTH,
        "stretchy": _BOOLEAN,
        "symmetric": _BOOLEAN,
    },
    "mover": {"accent": _BOOLEAN},
    "mpadded": dict.fromkeys(("width", "height", "depth"), _LENGTH),
    "mspace": dict.fromkeys(("width", "height", "depth"), _LENGTH),
    "munder": {"accentunder": _BOOLEAN},
    "munderover": {"accent": _BOOLEAN, "accentunder": _BOOLEAN},
}
_STYLED = {"displaystyle": _BOOLEAN, "scriptlevel": re.compile("[0-2]")}
for _tag in ("mfrac", "mrow", "mtable"):
    _VALUES.setdefault(_tag, {}).update(_STYLED)
_PLAIN = "mmultiscripts mn mphantom mprescripts mroot msqrt msub msubsup msup mtd mtext mtr"

_CLASS_OF_STYLE = {
    **{f"color:{shade}": f"math-{name}" for name, shade in COLORS.items()},
    "text-align: right": "math-right",
    "justify-items: end": "",
    "text-align: left": "math-left",
    "justify-items: start": "",
    "padding-left: 0": "math-close-left",
    "padding-right: 0": "math-close-right",
    "padding-top: 0": "math-close-rows",
    "padding-bottom: 0": "",
    "padding-left:1em": "math-apart",
    "padding-left: 0.1em": "math-between-lines",
    "padding-right: 0.1em": "",
    "padding-top: 0.1667em": "math-strut",
    "border-left: 0.05em solid currentcolor": "math-line-left",
    "border-left: 0.05em dashed currentcolor": "math-dashes-left",
    "border-right: 0.05em solid currentcolor": "math-line-right",
    "border-right: 0.05em dashed currentcolor": "math-dashes-right",
    "border-top: 0.05em solid currentcolor": "math-line-above",
    "border-top: 0.05em dashed currentcolor": "math-dashes-above",
    "border-bottom: 0.05em solid currentcolor": "math-line-below",
    "border-bottom: 0.05em dashed currentcolor": "math-dashes-below",
    "margin-left:-0.16666667em": "math-back-3",
    "margin-left:-0.22222222em": "math-back-4",
    "margin-left:-0.2777778em": "math-back-5",
    "padding-left:0": "",
    "padding-right:0": "",
    "padding-left:0.1667em": "math-thin-left",
    "padding-right:0.1667em": "math-thin-right",
    "padding-left:0.2222em": "math-medium-left",
    "padding-right:0.2222em": "math-medium-right",
    "padding-left:0.2778em": "math-thick-left",
    "padding-right:0.2778em": "math-thick-right",
    JOINED: "math-joined",
    "width: 100%": "math-tagged",
    "width: 50%": "math-margin",
    "width: 7.5%": "math-small-margin",
}
_CLASS_OF_NOTATION = {
    "box": "math-boxed",
    "updiagonalstrike": "math-struck-up",
    "downdiagonalstrike": "math-struck-down",
    "updiagonalstrike downdiagonalstrike": "math-struck-both",
}

_VARIATIONS = {0xFE00: None, 0xFE01: None}  # two kinds of script, of which fonts have one
_STROKE = "\u0332"
_WIDE_TILDE = "\u02dc"  # which stretches in our font

TAGS = frozenset({"math", *_VALUES, *_PLAIN.split()})
ATTRIBUTES = {
    "math": {"display"},
    **{tag: set(_VALUES.get(tag, ())) for tag in TAGS - {"math"}},
}
"""The attributes that each element may have."""
CLASSES = {
    "mfrac": {"math-strut"},
    "mpadded": {
        f"math-{size}-{side}" for size in ("thin", "medium", "thick") for side in ("left", "right")
    },
    "mrow": {
        *_CLASS_OF_NOTATION.values(),
        *(f"math-{name}" for name in COLORS),
        "math-overline",
        "math-underline",
    },
    "mspace": {"math-back-3", "math-back-4", "math-back-5", "math-ink"},
    "mtable": {name for name in _CLASS_OF_STYLE.values() if name},
    "mtd": {name for name in _CLASS_OF_STYLE.values() if name},
    "mtext": {"math-bold", "math-italic", "math-sans", "math-mono"},
}
"""The classes that each element may have."""


class UnsupportedMathmlError(Exception):
    """math-core wrote what is not on the list."""


def write_mathml(markup: str, inserts: Inserts) -> str:
    """Return the content of a <math> element of math-core, with what we put into it."""
    try:
        root = XML(markup.replace("&ApplyFunction;", "\u2061"))
    except ParseError as error:
        raise UnsupportedMathmlError(str(error)) from error
    return "".join(_write(child, inserts) for child in root)


def _write(element: Element, inserts: Inserts) -> str:
    text = (element.text or "").translate(_VARIATIONS)
    if has_placeholder(text):
        inserted = inserts.find(text)
        if inserted is None or inserted.tag == JOINED or element.tag != "mi":
            raise UnsupportedMathmlError("something to be put in where nothing can be")
        return _markup(inserted.tag, inserted.attrib, escape_text(inserted.text or ""))
    tag, attributes, children = element.tag, dict(element.attrib), list(element)
    if tag == "menclose":
        attributes = {"class": _CLASS_OF_NOTATION.get(attributes["notation"], "")}
        tag, children = "mrow", children[:1]
    elif tag in ("mover", "munder") and children[1].text == _STROKE:
        attributes = {"class": "math-overline" if tag == "mover" else "math-underline"}
        tag, children = "mrow", children[:1]
    elif tag in ("mover", "munder") and children[1].text == "~":
        children[1].text = _WIDE_TILDE
    elif tag == "mtable":
        children = _without_line_at_end(children)
        if _take_mark(children, inserts):
            attributes["style"] = f"{attributes.get('style', '')};{JOINED}"
    elif tag == "mpadded" and attributes.get("height") == "0":
        attributes["depth"] = "0"
    if classes := _classes(attributes.pop("style", "")):
        attributes["class"] = classes
    return _markup(
        tag, attributes, escape_text(text) + "".join(_write(it, inserts) for it in children)
    )


def _markup(tag: str, attributes: dict[str, str], inside: str) -> str:
    """Return an element; all that it has must be on the list."""
    if tag not in TAGS:
        raise UnsupportedMathmlError(tag)
    out = [f"<{tag}"]
    for name, value in attributes.items():
        if name == "class":
            allowed = set(value.split()) <= CLASSES.get(tag, set()) and bool(value)
        else:
            pattern = _VALUES.get(tag, {}).get(name)
            allowed = pattern is not None and pattern.fullmatch(value) is not None
        if not allowed:
            raise UnsupportedMathmlError(f"{tag} {name}={value!r}")
        out.append(f' {name}="{escape_attribute(value)}"')
    return f"{''.join(out)}>{inside}</{tag}>"


def _classes(style: str) -> str:
    """Return the classes for what a style says."""
    names = []
    for declaration in filter(None, map(str.strip, style.split(";"))):
        name = _CLASS_OF_STYLE.get(declaration)
        if name is None:
            raise UnsupportedMathmlError(declaration)
        names.append(name)
    return " ".join(filter(None, names))


def _take_mark(rows: list[Element], inserts: Inserts) -> bool:
    """Take out the mark that a table begins with, if there is one."""
    for cell in rows[0]:
        if len(cell):
            inserted = inserts.find(cell[0].text or "")
            if inserted is not None and inserted.tag == JOINED:
                cell.remove(cell[0])
                return True
    return False


def _without_line_at_end(rows: list[Element]) -> list[Element]:
    """Draw a line below the last row there, where math-core adds an empty row for it."""
    last = list(rows[-1])
    style = last[0].get("style", "")
    if len(rows) < 2 or any(len(cell) for cell in last) or not style.startswith("border-top"):
        return rows
    line = style.partition(";")[0].replace("top", "bottom")
    for cell in rows[-2]:
        cell.set("style", f"{cell.get('style', '')};{line}")
    return rows[:-1]

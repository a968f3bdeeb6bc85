"""The commands whose arguments are more than formulas: brackets, text, lengths, environments."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from conversations.rendering.math import commands
from conversations.rendering.math.environments import ENVIRONMENTS, Environment
from conversations.rendering.math.inserts import JOINED
from conversations.rendering.math.lengths import (
    TALLEST,
    WIDEST,
    parse_length,
    read_length,
    write_length,
)
from conversations.rendering.math.reader import TexReader, UnsupportedTexError
from conversations.rendering.math.rows import parse_columns, read_rows, write_rows
from conversations.rendering.math.symbols import SYMBOLS
from conversations.rendering.math.text_mode import read_text

if TYPE_CHECKING:
    from conversations.rendering.math.preparation import Parser

_OPERATOR = re.compile(r"\s*(\*?)\s*\{((?:[a-zA-Z0-9 .'*/-]|\\[,;: ]|~)+)\}")
_TAG = re.compile(r"\s*(\*?)\s*\{([a-zA-Z0-9 .,:'*+/?!-]+)\}")
_LABEL = re.compile(r"\s*\{[^{}\\%$&#]*\}")
_POSITION = re.compile(r"\s*\[c\]")
_NUMBER = re.compile(r"\s*\{\s*\d+\s*\}")
_COLUMNS = re.compile(r"\s*\{((?:[^{}]|@\{\})*)\}")
_RAISE = re.compile(r"\s*\[([^\[\]{}\\]*)\]")
_BRACKET = re.compile(r"\s*\{\s*(\\[a-zA-Z]+|\\[{}|]|[()\[\]|/.]|)\s*\}")
_THICKNESS = re.compile(r"\s*\{\s*(|0(?:pt|em|mm|cm)?)\s*\}")
_STYLE = re.compile(r"\s*\{\s*([0-3]?)\s*\}")
_RELATIONS = frozenset("=<>|~∈∋⊂⊃⊆⊇≤≥≡≈∼≅→←↔⇒")


def _read_left(parser: "Parser", name: str) -> str:
    out = [r"\left", _read_delimiter(parser.reader)]
    with parser.nested():
        out.append(parser.read_list(frozenset({r"\right", r"\middle"})))
        while parser.reader.peek() == r"\middle":
            parser.reader.take()
            out += [r"\middle", _read_delimiter(parser.reader)]
            out.append(parser.read_list(frozenset({r"\right", r"\middle"})))
    parser.reader.expect(r"\right")
    return "".join([*out, r"\right", _read_delimiter(parser.reader)])


def _read_size(parser: "Parser", name: str) -> str:
    delimiter = _read_delimiter(parser.reader)
    return "" if delimiter == "." else f"\\{name}{delimiter}"


def _read_delimiter(reader: TexReader) -> str:
    token = reader.take_visible()
    if token == "{":
        raise UnsupportedTexError("a bracket between braces")
    delimiter = commands.DELIMITERS.get(token)
    if delimiter is None:
        raise UnsupportedTexError(f"{token!r} is no bracket")
    return delimiter


def _read_environment(parser: "Parser", _name: str) -> str:
    name = parser.reader.take_raw_argument()
    environment = ENVIRONMENTS.get(name)
    if environment is None:
        raise UnsupportedTexError(f"environment {name!r}")
    columns = _read_environment_argument(parser.reader, environment)
    tags = bool(environment.numbered) and parser.depth == 0
    with parser.nested():
        rows = read_rows(parser, environment, tags=tags)
        parser.reader.expect(r"\end")
        if parser.reader.take_raw_argument() != name:
            raise UnsupportedTexError("another environment ends")
    if environment.joined:
        rows[0].cells[0] = parser.inserts.add(JOINED) + rows[0].cells[0]
    return write_rows(rows, environment, columns)


def _read_environment_argument(reader: TexReader, environment: Environment) -> str:
    if environment.argument in ("position", "columns"):
        reader.match(_POSITION)
    if environment.argument == "number" and not reader.match(_NUMBER):
        raise UnsupportedTexError("no number of columns")
    if environment.argument != "columns":
        return ""
    match = reader.match(_COLUMNS)
    if match is None:
        raise UnsupportedTexError("no columns")
    return parse_columns(match[1].replace("@{}", ""))


def _read_substack(parser: "Parser", _name: str) -> str:
    environment = ENVIRONMENTS["subarray"]
    parser.reader.expect("{")
    with parser.nested():
        rows = read_rows(parser, environment, tags=False)
    parser.reader.expect("}")
    return write_rows(rows, environment, "c")


def _read_words(parser: "Parser", name: str) -> str:
    """Write text as elements of ours, and the formulas in it between them."""
    out: list[str] = []
    for style, words in read_text(parser.reader, commands.TEXT.get(name, ""), 30 - parser.depth):
        if style == "$":
            out.append(rf"{{\textstyle {_read_inner(parser, words)}}}")
        else:
            attributes = {"class_": style} if style else {}
            out.append(parser.inserts.add("mtext", words, **attributes))
    return out[0] if len(out) == 1 else f"{{{''.join(out)}}}"


def _read_inner(parser: "Parser", tex: str) -> str:
    outer = parser.reader
    parser.reader = TexReader(tex)
    with parser.nested(), parser.nested():
        inner = parser.read_list(frozenset())
    parser.reader = outer
    return inner


def _read_framed_words(parser: "Parser", _name: str) -> str:
    return rf"\boxed{{{_read_words(parser, 'text')}}}"


def _read_bold(parser: "Parser", _name: str) -> str:
    outer, parser.bold = parser.bold, True
    argument = parser.read_argument()
    parser.bold = outer
    return argument


def _read_operator(parser: "Parser", _name: str) -> str:
    match = parser.reader.match(_OPERATOR)
    if match is None:
        raise UnsupportedTexError("the name of an operator")
    name = re.sub(r"(?<!\\) ", "", match[2]).replace("~", r"\ ")
    return rf"\operatorname{match[1]}{{{name}}}"


def _read_mathop(parser: "Parser", _name: str) -> str:
    r"""Read a sign that is made an operator; math-core sets no limits above and below it."""
    operator = rf"\mathop{parser.read_argument()}"
    following = parser.reader.peek_visible()
    if following in ("_", "^"):
        raise UnsupportedTexError("limits whose place depends on the style")
    if following != r"\limits":
        return operator
    parser.reader.take()
    while (script := parser.reader.peek_visible()) in ("_", "^"):
        parser.reader.take()
        place = "underset" if script == "_" else "overset"
        operator = rf"\mathop{{\{place}{parser.read_argument()}{{{operator}}}}}"
    return operator


def _read_fraction(parser: "Parser", _name: str) -> str:
    """Read the most general fraction: brackets, thickness of the line, style, two arguments."""
    out = [r"\genfrac"]
    for _ in "()":
        match = parser.reader.match(_BRACKET)
        if match is None or (match[1] and match[1] not in commands.DELIMITERS):
            raise UnsupportedTexError("brackets around a fraction")
        out.append(f"{{{commands.DELIMITERS.get(match[1], '')}}}")
    thickness, style = (parser.reader.match(pattern) for pattern in (_THICKNESS, _STYLE))
    if thickness is None or style is None:
        raise UnsupportedTexError("the line or the style of a fraction")
    out += [f"{{{thickness[1]}}}", f"{{{style[1]}}}"]
    return "".join([*out, parser.read_argument(), parser.read_argument()])


def _read_color(parser: "Parser", name: str) -> str:
    color = parser.reader.take_raw_argument()
    if color not in commands.COLORS:
        raise UnsupportedTexError(f"colour {color!r}")
    if name == "color":
        return rf"\color{{{color}}}"
    return rf"{{\color{{{color}}}{parser.read_argument()}}}"


def _read_space(parser: "Parser", name: str) -> str:
    if name in commands.KERNS:
        em = read_length(parser.reader, most=WIDEST)
    else:
        if parser.reader.peek() == "*":
            parser.reader.take()
        em = parse_length(parser.reader.take_raw_argument(), most=WIDEST)
    if em < 0:
        raise UnsupportedTexError("a space that goes back")
    return rf"\hspace{{{write_length(em)}}}" if em else ""


def _read_rule(parser: "Parser", _name: str) -> str:
    lift = parser.reader.match(_RAISE)
    up = parse_length(lift[1], most=TALLEST) if lift else 0.0
    width = parse_length(parser.reader.take_raw_argument(), most=WIDEST)
    height = parse_length(parser.reader.take_raw_argument(), most=TALLEST)
    if min(width, height, up + height) < 0 or up > 0:
        raise UnsupportedTexError("a rule that is lifted")
    return parser.inserts.add(
        "mspace",
        class_="math-ink",
        width=write_length(width),
        height=write_length(up + height),
        depth=write_length(-up),
    )


def _read_not(parser: "Parser", _name: str) -> str:
    token = parser.reader.peek_visible()
    if token not in _RELATIONS and token.removeprefix("\\") not in SYMBOLS:
        raise UnsupportedTexError(f"not {token}")
    return rf"\not {parser.read_item()}"


def _read_tag(parser: "Parser", _name: str) -> str:
    match = parser.reader.match(_TAG)
    if match is None or parser.row is None or parser.row.tag:
        raise UnsupportedTexError("a tag that can't be set")
    parser.row.tag = rf"\tag{match[1]}{{{match[2]}}}"
    return ""


def _skip_label(parser: "Parser", _name: str) -> str:
    if not parser.reader.match(_LABEL):
        raise UnsupportedTexError("a label")
    return ""


def _skip_number(_parser: "Parser", _name: str) -> str:
    return ""


def _read_limits(_parser: "Parser", name: str) -> str:
    return f"\\{name} "


SPECIAL: dict[str, Callable[["Parser", str], str]] = {
    "left": _read_left,
    "begin": _read_environment,
    "substack": _read_substack,
    "operatorname": _read_operator,
    "color": _read_color,
    "textcolor": _read_color,
    "rule": _read_rule,
    "mathop": _read_mathop,
    "genfrac": _read_fraction,
    "not": _read_not,
    "tag": _read_tag,
    "label": _skip_label,
    "fbox": _read_framed_words,
    **dict.fromkeys(("nonumber", "notag"), _skip_number),
    **dict.fromkeys(("limits", "nolimits"), _read_limits),
    **dict.fromkeys(commands.SIZES, _read_size),
    **dict.fromkeys(commands.TEXT, _read_words),
    **dict.fromkeys(commands.BOLD, _read_bold),
    **dict.fromkeys((*commands.LENGTHS, *commands.KERNS), _read_space),
}
"""What reads each of these commands, and returns it as math-core is to read it."""

"""Rows and cells: of environments, of `\\substack`, of a formula that is not in an environment."""

import re
from dataclasses import dataclass, field
from typing import Protocol

from conversations.rendering.math.environments import Environment
from conversations.rendering.math.inserts import Inserts
from conversations.rendering.math.lengths import TALLEST, parse_length, write_length
from conversations.rendering.math.reader import TexReader, UnsupportedTexError

_GAP = re.compile(r"\[([^\]{}\\&]*)\]")
_STRUT = 0.36  # em below the base line: TeX adds a gap to the depth of its strut
_COLUMNS = re.compile(r"[lcr|: ]+")
_LINES = {r"\hline": r"\hline ", r"\hdashline": r"\hdashline "}


@dataclass
class FormulaRow:
    """A row with its cells; the line above it and its tag, if it has them."""

    cells: list[str] = field(default_factory=list)
    line: str = ""
    tag: str = ""


class CellReader(Protocol):
    """What reads the cells: the parser."""

    @property
    def reader(self) -> TexReader: ...

    @property
    def inserts(self) -> Inserts: ...

    def read_cell(self, row: FormulaRow | None) -> str: ...


def read_rows(parser: CellReader, environment: Environment, *, tags: bool) -> list[FormulaRow]:
    """Read rows up to what ends them. An empty last row is none, as in TeX."""
    rows: list[FormulaRow] = []
    while True:
        row = _read_row(parser, environment, tags=tags)
        rows.append(row)
        if parser.reader.peek_visible() not in (r"\\", r"\cr"):
            break
        parser.reader.take()
        _read_gap(parser, row)
    if len(rows) > 1 and not (row.cells != [""] or row.line or row.tag):
        rows.pop()
    if environment.rows and len(rows) > environment.rows:
        raise UnsupportedTexError("more rows than the environment has")
    if environment.columns and max(len(row.cells) for row in rows) > environment.columns:
        raise UnsupportedTexError("more columns than the environment has")
    return rows


def write_rows(rows: list[FormulaRow], environment: Environment, columns: str = "") -> str:
    """Return the rows as an environment of math-core."""
    name = environment.name
    if any(row.tag for row in rows):
        name = environment.numbered
    width = max(len(row.cells) for row in rows)
    if environment.name == "subarray" and environment.spec:
        columns = environment.spec * width
    columns = columns or environment.spec
    if columns:
        width = sum(map(columns.count, "lcr"))
    if any(len(row.cells) > width for row in rows):
        raise UnsupportedTexError("more cells than columns")
    if any(row.line for row in rows) or "|" in columns or ":" in columns:
        for row in rows:  # or the lines would end where the cells end
            row.cells += [""] * (width - len(row.cells))
    body = r"\\ ".join(f"{row.line}{' & '.join(row.cells)}{row.tag}" for row in rows)
    if name == "multline":
        body += r"\notag "
    spec = f"{{{columns}}}" if columns else ""
    return rf"\begin{{{name}}}{spec}{body}\end{{{name}}}"


def parse_columns(text: str) -> str:
    """Return the columns of an array: how each is aligned, and the lines between them."""
    columns = text.replace("@", "").replace(" ", "")
    if not _COLUMNS.fullmatch(columns) or not set(columns) & set("lcr"):
        raise UnsupportedTexError(f"columns {text!r}")
    if re.search(r"[|:]{3}|^[|:]{2}|:\||\|:", columns):
        raise UnsupportedTexError("lines that can't be drawn")
    return columns


def _read_row(parser: CellReader, environment: Environment, *, tags: bool) -> FormulaRow:
    row = FormulaRow()
    while (token := parser.reader.peek_visible()) in _LINES:
        if not environment.rules or row.line:
            raise UnsupportedTexError(token)
        parser.reader.take()
        row.line = _LINES[token]
    row.cells.append(parser.read_cell(row if tags else None).strip())
    while parser.reader.peek() == "&":
        parser.reader.take()
        row.cells.append(parser.read_cell(row if tags else None).strip())
    return row


def _read_gap(parser: CellReader, row: FormulaRow) -> None:
    r"""Read what may follow `\\`: a star, which says nothing here, and a gap: `[4pt]`."""
    if parser.reader.peek() == "*":
        parser.reader.take()
    if parser.reader.peek() != "[":
        return
    match = parser.reader.match(_GAP)
    gap = parse_length(match[1], most=TALLEST) if match else -1
    if gap < 0:
        raise UnsupportedTexError("a gap that is no length")
    row.cells[-1] += parser.inserts.add("mspace", depth=write_length(_STRUT + gap))

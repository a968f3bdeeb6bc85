"""CSV as spreadsheets open it, made while it is sent."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

# What a spreadsheet takes for the beginning of a formula; some read signs of full width alike.
SUSPICIOUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Bytes sent at a time.
CHUNK = 64 * 1024
# By which spreadsheets tell that it is UTF-8.
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


def defuse_cell(cell: Any) -> Any:
    """The cell, with an apostrophe before a text that a spreadsheet would calculate; numbers,
    which are no text, stay numbers.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(SUSPICIOUS) else cell


def rows_as_csv(rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """The rows, the first of which holds the headings, in pieces; each cell is defused."""
    buffer = io.StringIO(MARK)
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([defuse_cell(cell) for cell in row])
        if buffer.tell() >= CHUNK:
            yield take_written(buffer)
    if buffer.tell():
        yield take_written(buffer)


def take_written(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")

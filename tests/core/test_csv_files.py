"""CSV that no spreadsheet takes for anything but data."""

import csv

import pytest

from chatsite.core.csv_files import defuse_cell, rows_as_csv


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\tcmd", "\r=1", "\n=1"),
        *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"),
        '=HYPERLINK("https://evil.example")',
    ],
)
def test_what_would_be_calculated_gets_an_apostrophe(text: str) -> None:
    assert defuse_cell(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["", "plain", "a=b", "'quoted", -5, 0.5, None])
def test_anything_else_stays_as_it_is(cell: object) -> None:
    assert defuse_cell(cell) == cell


def test_rows_are_read_back_as_they_were() -> None:
    rows: list[list[object]] = [
        ["Who", "What"],
        ["a,b", 'says "c"'],
        ["two\nlines", "=1"],
        ["Zoë", 3],
    ]
    text = b"".join(rows_as_csv(rows)).decode("utf-8-sig")
    assert list(csv.reader(text.splitlines(keepends=True))) == [
        ["Who", "What"],
        ["a,b", 'says "c"'],
        ["two\nlines", "'=1"],
        ["Zoë", "3"],
    ]


def test_many_rows_come_in_pieces() -> None:
    pieces = list(rows_as_csv(["a" * 1000] for _ in range(1000)))
    assert len(pieces) > 10
    assert sum(map(len, pieces)) == 3 + 1002 * 1000


def test_half_a_character_does_not_stop_the_download() -> None:
    assert b"".join(rows_as_csv([["\ud800"]])).endswith(b"?\r\n")

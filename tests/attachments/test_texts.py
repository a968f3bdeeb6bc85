"""Text of any encoding, and what is no text."""

import os
import random

import pytest

from tests.attachments.document_files import laughs
from tests.attachments.reading import find_error, read

GERMAN = "Grüße aus München – für 5 € gibt’s schöne Bücher über Straßen.\n" * 5
RUSSIAN = "Привет! Это обычный русский текст, в котором много слов и предложений.\n" * 5
JAPANESE = "これは日本語のテキストです。文字コードを調べるために書きました。\n" * 5


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((GERMAN, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
        *((GERMAN, name) for name in ("utf-32", "cp1252")),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "utf-8"),
    ],
)
def test_text_is_read_in_its_encoding(text: str, encoding: str) -> None:
    reading = read(text.encode(encoding))
    assert (reading.kind, reading.media_type, reading.outputs) == ("text", "text/plain", {})
    assert reading.text == text


@pytest.mark.parametrize(
    "text",
    [
        *("a,b\n1,2\n", '{"a": [1]}', "# Title\n\n*word*", "def f(): ...\n", "<?xml?><a/>", "x"),
        *("\x1b[31mred\x1b[0m log\n", "a\tb\x0cnext page"),
    ],
)
def test_text_of_any_sort_is_kept_as_it_is(text: str) -> None:
    assert read(text.encode()).text == text


@pytest.mark.parametrize("text", ["élève", "Grüße", "naïve café\n"])
def test_a_few_letters_of_an_old_encoding_are_western(text: str) -> None:
    assert read(text.encode("cp1252")).text == text


def test_line_ends_are_plain() -> None:
    assert read(b"one\r\ntwo\rthree\n").text == "one\ntwo\nthree\n"


def test_what_no_database_keeps_is_taken_out() -> None:
    assert read(("word " * 100 + "a\x00b").encode()).text.endswith("ab")
    assert "\ud800" not in read("\ufeffword".encode("utf-16-le") * 100 + b"\x00\xd8").text


def test_text_ends_where_there_is_enough() -> None:
    assert read(b"x" * 100, max_text=10).text == "x" * 10


@pytest.mark.parametrize("content", [b"", b" \r\n\t", "\ufeff \n".encode()])
def test_a_file_without_anything_is_empty(content: bytes) -> None:
    assert find_error(content) == "empty"


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x02\x01\x01" + bytes(100),
        b"MZ\x90\x00\x03" + bytes(100),
        b"\x1f\x8b\x08" + random.Random(1).randbytes(500),
        b"ID3\x04\x00" + random.Random(2).randbytes(500),
        b"SQLite format 3\x00" + bytes(100),
        b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2" + bytes(100),
        b"RIFF\x24\x08\x00\x00WAVEfmt " + bytes(50),
        bytes(1000),
        b"\xff\xfe" + random.Random(3).randbytes(1000),
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
        *(random.Random(seed).randbytes(2000) for seed in range(10)),
    ],
)
def test_what_is_no_text_is_unknown(content: bytes) -> None:
    assert find_error(content, name="notes.txt") == "unknown_kind"


def test_random_bytes_are_never_text() -> None:
    assert find_error(os.urandom(100_000)) == "unknown_kind"


def test_a_drawing_in_svg_is_text_that_nobody_draws() -> None:
    drawing = f'{laughs()}<svg xmlns="http://www.w3.org/2000/svg"><text>&j;</text></svg>'
    reading = read(drawing.encode(), name="drawing.svg")
    assert (reading.kind, reading.media_type, reading.text) == ("text", "text/plain", drawing)


def test_a_name_makes_no_picture_of_text() -> None:
    assert read(b"just words", name="photo.png").kind == "text"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"words", "text"),
        (b"%PDF-1.7", "pdf"),
        (b"\xff\xd8\xff", "image"),
        (b"{\\rtf1", "document"),
    ],
)
def test_a_kind_that_is_not_wanted_is_not_read(content: bytes, kind: str) -> None:
    others = {"image", "pdf", "text", "document"} - {kind}
    assert find_error(content, kinds=others) == "kind_not_allowed"

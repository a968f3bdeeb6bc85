"""Documents as Markdown."""

import io
import struct
import zipfile

import pytest

from conversations.attachments.reading import packages
from tests.attachments.document_files import (
    docx,
    epub,
    laughs,
    odt,
    openxml,
    pack,
    pptx,
    word,
    xlsx,
)
from tests.attachments.reading import find_error, read

OPENXML = "application/vnd.openxmlformats-officedocument"


def test_a_word_document_is_read() -> None:
    heading = '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Plan</w:t></w:r></w:p>'
    cells = "".join(f"<w:tc>{word(text)}</w:tc>" for text in ("Who", "What"))
    reading = read(docx(f"{heading}{word('Some words.')}<w:tbl><w:tr>{cells}</w:tr></w:tbl>"))
    assert (reading.kind, reading.outputs) == ("document", {})
    assert reading.media_type == f"{OPENXML}.wordprocessingml.document"
    assert "Plan" in reading.text
    assert "Some words." in reading.text
    assert "| Who | What |" in reading.text


def test_a_workbook_is_read() -> None:
    reading = read(xlsx([["Item", "Price"], ["Book", 12]]))
    assert reading.media_type == f"{OPENXML}.spreadsheetml.sheet"
    assert "| Book | 12 |" in reading.text


def test_slides_are_read() -> None:
    reading = read(pptx("Our aims"))
    assert reading.media_type == f"{OPENXML}.presentationml.presentation"
    assert "Our aims" in reading.text


def test_an_opendocument_text_is_read() -> None:
    reading = read(odt('<text:h text:outline-level="2">Aims</text:h><text:p>Words</text:p>'))
    assert reading.media_type == "application/vnd.oasis.opendocument.text"
    assert reading.text == "## Aims\n\nWords"


def test_a_book_is_read() -> None:
    reading = read(epub("<h1>One</h1><p>It was <b>night</b>.<script>alert(1)</script></p>"))
    assert reading.media_type == "application/epub+zip"
    assert "It was **night**." in reading.text
    assert "alert" not in reading.text


def test_rich_text_is_read() -> None:
    reading = read(rb"{\rtf1\ansi Hello {\b bold} words\par next}")
    assert (reading.media_type, reading.text) == ("application/rtf", "Hello **bold** words\n\nnext")


def test_text_ends_where_there_is_enough() -> None:
    assert read(docx(word("x" * 100)), max_text=10).text == "x" * 10


def test_a_document_without_text_says_so() -> None:
    assert find_error(docx("")) == "no_text"


def test_entities_are_not_expanded() -> None:
    assert "haha" not in read(docx(word("Look: &j;"), laughs())).text


def test_entities_of_other_files_are_not_read() -> None:
    outside = '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/hostname">]>'
    text = read(docx(word("Look: &j;"), outside)).text
    assert text.startswith("Look:")
    assert len(text) < 20


def test_a_bomb_is_refused_by_what_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_SIZE", 10_000)
    assert find_error(docx(word("x" * 20_000))) == "too_large_inside"


def test_a_bomb_that_declares_little_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_SIZE", 10_000)
    real = struct.pack("<I", 20_000)
    bomb = pack({"word/document.xml": b"x" * 20_000}).replace(real, struct.pack("<I", 10))
    assert find_error(bomb) == "damaged"


def test_a_bomb_of_many_files_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MAX_FILES", 10)
    many = pack({f"{number}.xml": b"" for number in range(11)})
    assert find_error(many) == "too_large_inside"


def test_pictures_and_macros_are_not_even_unpacked() -> None:
    content = pack({"word/media/a.png": b"x" * 1000, "word/vbaProject.bin": b"x", "a.xml": b"<a/>"})
    with zipfile.ZipFile(io.BytesIO(packages.repack(content))) as archive:
        assert archive.namelist() == ["a.xml"]


def test_elements_in_each_other_without_end_are_refused() -> None:
    assert find_error(docx("<w:p>" * 50_000 + "</w:p>" * 50_000)) == "too_large_inside"


@pytest.mark.parametrize("size", [30, 200, 600])
def test_half_a_document_is_damaged(size: int) -> None:
    assert find_error(docx(word("words"))[:size]) == "damaged"


def test_a_document_without_its_text_is_damaged() -> None:
    content = openxml(
        {"word/other.xml": ("wordprocessingml.document.main", "<a/>")},
        {"": {"officeDocument": "word/document.xml"}},
    )
    assert find_error(content) in {"damaged", "unknown_kind"}


def test_an_archive_of_other_files_is_unknown() -> None:
    assert find_error(pack({"a.txt": "words", "b.exe": b"MZ"})) == "unknown_kind"


def test_a_document_with_a_password_is_encrypted() -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
    assert find_error(ole + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    manifest = "<manifest:encryption-data/>"
    assert find_error(odt("", **{"META-INF/manifest.xml": manifest})) == "encrypted"


def test_an_archive_with_a_password_is_encrypted() -> None:
    content = bytearray(docx(word("words")))
    at = content.index(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    assert find_error(bytes(content)) == "encrypted"

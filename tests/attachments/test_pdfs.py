"""PDFs: pages, text, pictures, and a PDF of the first pages."""

import pypdfium2

from conversations.attachments.reading.answering import answer_request
from conversations.attachments.reading.framing import Request, pack_request, unpack_answer
from conversations.attachments.reading.values import KINDS, ReadingLimits
from tests.attachments.pdf_files import locked_pdf, pdf, text_page
from tests.attachments.reading import find_error, picture, read


def test_a_pdf_is_its_pages_and_their_text() -> None:
    reading = read(pdf([text_page("First page"), text_page("Second page")]))
    assert (reading.kind, reading.media_type, reading.pages) == ("pdf", "application/pdf", 2)
    assert reading.text == "First page\fSecond page"


def test_pages_are_drawn() -> None:
    reading = read(pdf([text_page("Hello"), ""]))
    first, second = (picture(reading, f"page-{number}").convert("L") for number in (1, 2))
    assert first.size == (1000, 1295)
    assert min(first.tobytes()) < 50
    assert min(second.tobytes()) > 250


def test_a_small_picture_of_the_first_page_stands_for_it() -> None:
    assert picture(read(pdf([text_page("Hello"), ""])), "small").size == (160, 207)


def extract(content: bytes, count: int) -> bytes:
    request = Request("", KINDS, ReadingLimits(), first_pages=count)
    return unpack_answer(answer_request(pack_request(request, content))).outputs["pages"].content


def test_the_first_pages_are_a_pdf_of_their_own() -> None:
    part = extract(pdf([text_page(word) for word in ("One", "Two", "Three")]), 2)
    assert read(part).text == "One\fTwo"
    assert b"Three" not in part


def test_the_first_of_ten_thousand_pages_are_few_bytes() -> None:
    content = pdf([text_page("x")] * 10_000)
    part = extract(content, 3)
    assert len(pypdfium2.PdfDocument(part)) == 3
    assert len(part) < 10_000


def test_the_same_pages_are_the_same_bytes() -> None:
    content = pdf([text_page("One"), text_page("Two")])
    assert extract(content, 1) == extract(content, 1)


def test_only_the_first_pages_are_drawn() -> None:
    reading = read(pdf([""] * 5), max_pages=3)
    assert (reading.pages, list(reading.outputs)) == (5, ["small", "page-1", "page-2", "page-3"])


def test_a_page_without_text_keeps_its_place() -> None:
    assert read(pdf([text_page("One"), "", text_page("Three")])).text == "One\f\fThree"


def test_text_ends_where_there_is_enough() -> None:
    assert read(pdf([text_page("Words")] * 9), max_text=8).text == "Words\fWo"


def test_a_pdf_of_ten_thousand_pages_is_read() -> None:
    reading = read(pdf([text_page("x")] * 10_000), max_pages=1, max_text=100)
    assert reading.pages == 10_000
    assert reading.text.startswith("x\fx")


def test_a_pdf_with_a_password_is_encrypted() -> None:
    assert find_error(locked_pdf()) == "encrypted"


def test_what_only_begins_as_a_pdf_is_damaged() -> None:
    assert find_error(b"%PDF-1.7\n" + bytes(range(256)) * 20) == "damaged"


def test_a_pdf_whose_table_is_wrong_is_read_all_the_same() -> None:
    content = pdf([text_page("First")]).replace(b"startxref\n", b"startxref\n9")
    assert read(content).text == "First"


def test_half_a_pdf_is_damaged() -> None:
    content = pdf([text_page("First"), text_page("Second")])
    assert find_error(content[: len(content) // 2]) == "damaged"


def test_scripts_in_a_pdf_do_nothing() -> None:
    script = b"<</S/JavaScript/JS(app.alert\\(1\\); this.print\\(\\);)>>"
    content = pdf([text_page("Calm")], extra=[script])
    content = content.replace(b"/Pages 2 0 R>>", b"/Pages 2 0 R/OpenAction 4 0 R>>", 1)
    assert read(content).text == "Calm"


def test_a_page_of_a_mad_size_is_drawn_small() -> None:
    content = pdf([text_page("x")]).replace(b"0 0 612 792", b"0 0 9999999 1")
    reading = read(content)
    assert max(picture(reading, "page-1").size) <= 1600

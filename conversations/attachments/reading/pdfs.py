"""PDFs: how many pages, their text, and pictures of the first ones.

Nothing in them runs: this PDFium knows neither JavaScript nor XFA, and no form is filled in.
"""

import io
import time

import pypdfium2
from pypdfium2 import raw

from conversations.attachments.reading import texts
from conversations.attachments.reading.values import FileReading, Output, UnreadableFileError

WIDTH = 1000
HEIGHT = 1600
MAX_SCALE = 4.0
QUALITY = 75
SECONDS = 6.0
"""Of processor time that the text may take, and again the pictures: of a longer document there is
what was read by then, instead of nothing."""


def read_pdf(content: bytes, *, max_pages: int, max_text: int) -> FileReading:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise UnreadableFileError("encrypted" if is_locked else "damaged") from error
    with document:
        pages = len(document)
        if not pages:
            raise UnreadableFileError("damaged")
        outputs = draw_pages(document, min(pages, max_pages))
        text = read_text(document, max_text)
    if not outputs and not text:
        # Not even the first page could be opened.
        raise UnreadableFileError("damaged")
    return FileReading("pdf", "application/pdf", pages=pages, text=text, outputs=outputs)


def read_text(document: pypdfium2.PdfDocument, max_text: int) -> str:
    """Return the text of the pages, with a form feed between them."""
    pages: list[str] = []
    length, deadline = 0, time.process_time() + SECONDS
    for number in range(len(document)):
        try:
            page = document[number]
            text = texts.clean(page.get_textpage().get_text_range()).replace("\f", "\n").strip()
            page.close()
        except pypdfium2.PdfiumError:
            text = ""  # one broken page among others
        pages.append(text)
        length += len(text) + 1
        if length > max_text or time.process_time() > deadline:
            break
    return "\f".join(pages).rstrip()[:max_text]


def draw_pages(document: pypdfium2.PdfDocument, count: int) -> dict[str, Output]:
    pictures = {}
    deadline = time.process_time() + SECONDS
    for number in range(count):
        try:
            page = document[number]
            pictures[f"page-{number + 1}"] = draw_page(page)
            page.close()
        except pypdfium2.PdfiumError:
            continue
        if time.process_time() > deadline:
            break
    return pictures


def draw_page(page: pypdfium2.PdfPage) -> Output:
    width, height = (max(1.0, side) for side in page.get_size())
    scale = min(WIDTH / width, HEIGHT / height, MAX_SCALE)
    bitmap = page.render(scale=scale, may_draw_forms=False)
    buffer = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(buffer, "WEBP", quality=QUALITY, method=2)
    bitmap.close()
    return Output("image/webp", buffer.getvalue())

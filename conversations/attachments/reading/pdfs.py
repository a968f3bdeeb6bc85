"""PDFs: how many pages, their text, pictures of the first ones; and a PDF of the first ones alone.

Nothing in them runs: this PDFium knows neither JavaScript nor XFA, and no form is filled in.
"""

import io
import re
import time

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from conversations.attachments.reading import texts
from conversations.attachments.reading.values import FileReading, Output, UnreadableFileError

WIDTH = 1000
HEIGHT = 1600
MAX_SCALE = 4.0
SMALL = (160, 240)
"""Pixels of a picture of the first page that stands for the file."""
QUALITY = 75
CREATED = re.compile(rb"(/CreationDate\(D:)\d{14}")
HEX_NUMBER = re.compile(rb"(?<=<)[0-9A-F]{32}(?=>)")
ZEROS = b"0" * 32
SECONDS = 6.0
"""Of processor time that the text may take, and again the pictures: of a longer document there is
what was read by then, instead of nothing."""


def read_pdf(content: bytes, *, max_pages: int, max_text: int) -> FileReading:
    with open_document(content) as document:
        pages = len(document)
        if not pages:
            raise UnreadableFileError("damaged")
        outputs = draw_pages(document, min(pages, max_pages))
        text = read_text(document, max_text)
    if not outputs and not text:
        # Not even the first page could be opened.
        raise UnreadableFileError("damaged")
    return FileReading("pdf", "application/pdf", pages=pages, text=text, outputs=outputs)


def extract_first_pages(content: bytes, count: int) -> FileReading:
    """Return a PDF of the first pages, the same bytes each time; its text isn't read."""
    buffer = io.BytesIO()
    with open_document(content) as document, pypdfium2.PdfDocument.new() as part:
        part.import_pages(document, list(range(min(count, len(document)))))
        part.save(buffer)
        pages = len(part)
    output = Output("application/pdf", erase_moment(buffer.getvalue()))
    return FileReading("pdf", "application/pdf", pages=pages, outputs={"pages": output})


def erase_moment(content: bytes) -> bytes:
    """Return what PDFium has written without when it did, and without its random number."""
    content = CREATED.sub(rb"\g<1>20000101000000", content, count=1)
    start = content.rfind(b"/ID[<")
    return content[:start] + HEX_NUMBER.sub(ZEROS, content[start:])


def open_document(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}
        raise UnreadableFileError("encrypted" if is_locked else "damaged") from error


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
            picture = draw_page(page)
            page.close()
        except pypdfium2.PdfiumError:
            continue
        if not number:
            pictures["small"] = encode(shrink(picture))
        pictures[f"page-{number + 1}"] = encode(picture)
        if time.process_time() > deadline:
            break
    return pictures


def draw_page(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = (max(1.0, side) for side in page.get_size())
    scale = min(WIDTH / width, HEIGHT / height, MAX_SCALE)
    bitmap = page.render(scale=scale, may_draw_forms=False)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    bitmap.close()
    return picture


def shrink(picture: Image.Image) -> Image.Image:
    small = picture.copy()
    small.thumbnail(SMALL, Image.Resampling.LANCZOS)
    return small


def encode(picture: Image.Image) -> Output:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=QUALITY, method=2)
    return Output("image/webp", buffer.getvalue())

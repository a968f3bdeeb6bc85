"""From a request to its answer: what the helper process calls."""

from conversations.attachments.reading import recognition
from conversations.attachments.reading.documents import read_document
from conversations.attachments.reading.framing import (
    Request,
    pack_error,
    pack_reading,
    unpack_request,
)
from conversations.attachments.reading.html import read_html
from conversations.attachments.reading.images import cut_square, read_image
from conversations.attachments.reading.pdfs import extract_first_pages, read_pdf
from conversations.attachments.reading.values import FileReading, Kind, UnreadableFileError


def answer_request(message: bytes) -> bytes:
    """Take a request and give an answer, as `framing` describes them."""
    try:
        return pack_reading(read(*unpack_request(message)))
    except MemoryError:
        raise  # the helper ends
    except UnreadableFileError as error:
        return pack_error(error.code)
    except Exception:
        # Readers of files raise whatever comes to their minds.
        return pack_error("damaged")


def read(request: Request, content: bytes) -> FileReading:
    """Return what is in a file; raises UnreadableFileError and, for broken files, anything."""
    limits = request.limits
    if not content.strip():
        raise UnreadableFileError("empty")
    match recognition.recognise(content):
        case "image", image_format:
            check_kind(request, "image")
            if request.square:
                return cut_square(content, image_format, limits.max_pixels, request.square)
            return read_image(content, image_format, limits.max_pixels)
        case "pdf", _:
            check_kind(request, "pdf")
            if request.first_pages:
                return extract_first_pages(content, request.first_pages)
            return read_pdf(content, max_pages=limits.max_pages, max_text=limits.max_text)
        case "document", name:
            check_kind(request, "document")
            is_package = name == "package"
            return read_document(content, is_package=is_package, max_text=limits.max_text)
    text = recognition.decode(content)
    if recognition.is_html(text, request.name):
        check_kind(request, "document")
        return read_html(text, limits.max_text)
    check_kind(request, "text")
    if not text.strip():
        raise UnreadableFileError("empty")
    return FileReading("text", "text/plain", text=text[: limits.max_text])


def check_kind(request: Request, kind: Kind) -> None:
    if kind not in request.kinds:
        raise UnreadableFileError("kind_not_allowed")

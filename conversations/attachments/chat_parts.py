"""What the model is sent of a file, and what that counts: a picture or a PDF as it is, smaller, its
first pages, or as text (Attachment.sent_as); of all else the text.

What is said here is in English, as models follow that best, and the same in every turn: a request
that begins like the one before it is had from the provider's cache.
"""

import json
import re
from functools import partial
from typing import Any

from django.conf import settings

from conversations.attachments import storage
from conversations.attachments.models import Attachment
from conversations.attachments.tokens import estimate_low_detail_tokens, estimate_pdf_tokens
from conversations.model_api import Blob, FilePart, ImagePart, MediaPart

# What is sent of what is kept: the first that is there.
OUTPUTS: dict[str, tuple[str, ...]] = {
    Attachment.Kind.IMAGE: ("model", "view"),
    Attachment.Kind.PDF: (storage.ORIGINAL,),
}
LOW_DETAIL_OUTPUTS = ("small", "model", "view")
# What the API takes for a picture, and for a file.
IMAGE_TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
PDF_TYPE = "application/pdf"
BACKTICKS = re.compile("`{3,}")
# What stands around a text.
TOKENS_AROUND = 24


def make_pieces(file: Attachment) -> list[str | MediaPart]:
    """Return what is sent of a file."""
    part = None if is_sent_as_text(file) else make_media_part(file)
    if part is None:
        return [describe_as_text(file)]
    return [describe_pages(file), part] if file.sent_pages else [part]


def is_sent_as_text(file: Attachment) -> bool:
    return file.sent_as == Attachment.SentAs.TEXT or settings.FILES_AS_TEXT


def list_sent_outputs(file: Attachment) -> tuple[str, ...]:
    """Return which outputs may be sent, the best first."""
    if file.sent_as == Attachment.SentAs.LOW_DETAIL:
        return LOW_DETAIL_OUTPUTS
    if file.sent_pages:
        return (storage.name_first_pages(file.sent_pages),)
    return OUTPUTS.get(file.kind, ())


def make_media_part(file: Attachment) -> MediaPart | None:
    """Return a picture or a PDF as it is sent; None where its text is all that is."""
    name = next((name for name in list_sent_outputs(file) if name in file.outputs), "")
    if not name:
        return None
    media_type, size = file.outputs[name]
    common: dict[str, Any] = {
        "blob": Blob(size, partial(storage.open_content, file.content_key, name)),
        "media_type": media_type,
        "tokens": count_media_tokens(file),
        "describe": partial(describe_as_text, file),
        "is_told": has_text(file),
        "key": str(file.pk),
    }
    if file.kind == Attachment.Kind.PDF:
        return FilePart(name=file.name, **common | {"media_type": PDF_TYPE})
    return ImagePart(**common) if media_type in IMAGE_TYPES else None


def select_text(file: Attachment) -> str:
    """Return its text, or that of the pages that are sent."""
    if not file.sent_pages:
        return file.text
    return "\f".join(file.text.split("\f")[: file.sent_pages])


def has_text(file: Attachment) -> bool:
    return bool(select_text(file).strip())


def is_unseen(file: Attachment) -> bool:
    """Return whether the model is told of a file without anything that is in it."""
    is_described = all(isinstance(piece, str) for piece in make_pieces(file))
    return is_described and not has_text(file) and file.kind in OUTPUTS


def describe_pages(file: Attachment) -> str:
    """Return what is said before the first pages of a PDF."""
    verb = "This is" if file.sent_pages == 1 else "These are"
    return f"[{verb} {name_pages(file)} {quote_name(file)}.]"


def name_pages(file: Attachment) -> str:
    """Return which pages of a PDF are sent: "the first 12 of the 300 pages of the PDF"."""
    first = "first" if file.sent_pages == 1 else f"first {file.sent_pages}"
    return f"the {first} of the {file.pages} pages of the PDF"


def quote_name(file: Attachment) -> str:
    return json.dumps(file.name, ensure_ascii=False)


def describe_as_text(file: Attachment) -> str:
    """Return the text of a file with its name around it; of one that has none, that it was there.

    The fence is longer than any in the text, so that nothing in it ends it.
    """
    name, text = quote_name(file), select_text(file)
    if not has_text(file) and file.kind in OUTPUTS:
        kind = "picture" if file.is_image else "PDF"
        return f"[The {kind} {name} was attached here. It can’t be shown to you.]"
    longest = max(map(len, BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    what = {
        Attachment.Kind.IMAGE: "The text in the picture",
        Attachment.Kind.PDF: f"The text of {name_pages(file) if file.sent_pages else 'the PDF'}",
        Attachment.Kind.DOCUMENT: "The text of the document",
    }.get(Attachment.Kind(file.kind), "The file")
    return f"{what} {name}:\n{fence}\n{text.strip('\n')}\n{fence}"


def count_file_tokens(file: Attachment) -> int:
    """Return about how many tokens what is sent of a file counts. Its text isn't looked at: that is
    long, and not always read.
    """
    if file.kind not in OUTPUTS:
        return file.tokens + TOKENS_AROUND
    if is_sent_as_text(file):
        return count_words(file)
    return count_media_tokens(file) + (TOKENS_AROUND if file.sent_pages else 0)


def count_media_tokens(file: Attachment) -> int:
    """Return about how many tokens a picture or a PDF is, as it is sent."""
    if file.sent_as == Attachment.SentAs.LOW_DETAIL:
        return estimate_low_detail_tokens(file.width or 1, file.height or 1)
    return file.tokens if file.sent_pages_tokens is None else file.sent_pages_tokens


def count_words(file: Attachment) -> int:
    tokens = file.tokens if file.sent_pages_tokens is None else file.sent_pages_tokens
    # What its pictures count, of which only the text stays.
    pages = file.sent_pages or file.pages
    seen = estimate_pdf_tokens("", pages) if pages else tokens
    return max(tokens - seen, 0) + TOKENS_AROUND


def measure_request_size(file: Attachment) -> int:
    """Return about how many bytes of a request what is sent of a file takes."""
    return sum(
        len(piece.encode()) if isinstance(piece, str) else piece.blob.encoded_size
        for piece in make_pieces(file)
    )

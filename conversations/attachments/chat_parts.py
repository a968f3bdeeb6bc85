"""What the model is sent of a file, and what that counts: a picture or a PDF as it is, or as text;
of all else the text.

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
from conversations.attachments.tokens import estimate_pdf_tokens
from conversations.model_api import Blob, FilePart, ImagePart, MediaPart

# What is sent of what is kept: the first that is there.
OUTPUTS: dict[str, tuple[str, ...]] = {
    Attachment.Kind.IMAGE: ("model", "view"),
    Attachment.Kind.PDF: (storage.ORIGINAL,),
}
# What the API takes for a picture, and for a file.
IMAGE_TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
PDF_TYPE = "application/pdf"
BACKTICKS = re.compile("`{3,}")
# What stands around a text.
TOKENS_AROUND = 24


def make_piece(file: Attachment) -> str | MediaPart:
    """Return what is sent of a file."""
    return (None if is_sent_as_text(file) else make_media_part(file)) or describe_as_text(file)


def is_sent_as_text(file: Attachment) -> bool:
    return file.is_text_only or settings.FILES_AS_TEXT


def make_media_part(file: Attachment) -> MediaPart | None:
    """Return a picture or a PDF as it is sent; None where its text is all that is."""
    name = next((name for name in OUTPUTS.get(file.kind, ()) if name in file.outputs), "")
    if not name:
        return None
    media_type, size = file.outputs[name]
    common: dict[str, Any] = {
        "blob": Blob(size, partial(storage.open_content, file.content_key, name)),
        "media_type": media_type,
        "tokens": file.tokens,
        "describe": partial(describe_as_text, file),
        "is_told": has_text(file),
        "key": str(file.pk),
    }
    if file.kind == Attachment.Kind.PDF:
        return FilePart(name=file.name, **common | {"media_type": PDF_TYPE})
    return ImagePart(**common) if media_type in IMAGE_TYPES else None


def has_text(file: Attachment) -> bool:
    return bool(file.text.strip())


def is_unseen(file: Attachment) -> bool:
    """Return whether the model is told of a file without anything that is in it."""
    return isinstance(make_piece(file), str) and not has_text(file) and file.kind in OUTPUTS


def describe_as_text(file: Attachment) -> str:
    """Return the text of a file with its name around it; of one that has none, that it was there.

    The fence is longer than any in the text, so that nothing in it ends it.
    """
    name = json.dumps(file.name, ensure_ascii=False)
    if not has_text(file) and file.kind in OUTPUTS:
        kind = "picture" if file.is_image else "PDF"
        return f"[The {kind} {name} was attached here. It can’t be shown to you.]"
    longest = max(map(len, BACKTICKS.findall(file.text)), default=2)
    fence = "`" * (longest + 1)
    what = {
        Attachment.Kind.IMAGE: "The text in the picture",
        Attachment.Kind.PDF: "The text of the PDF",
        Attachment.Kind.DOCUMENT: "The text of the document",
    }.get(Attachment.Kind(file.kind), "The file")
    return f"{what} {name}:\n{fence}\n{file.text.strip('\n')}\n{fence}"


def count_file_tokens(file: Attachment) -> int:
    """Return about how many tokens what is sent of a file counts. Its text isn't looked at: that is
    long, and not always read.
    """
    if file.kind not in OUTPUTS:
        return file.tokens + TOKENS_AROUND
    return count_words(file) if is_sent_as_text(file) else file.tokens


def count_tokens_as_text(file: Attachment) -> int | None:
    """Return about how many tokens the text of a file counts; None where that is what is sent
    already, or there is none.
    """
    is_other = file.kind in OUTPUTS and not is_sent_as_text(file)
    return count_words(file) if is_other and has_text(file) else None


def count_words(file: Attachment) -> int:
    # What its pictures count, of which only the text stays.
    seen = estimate_pdf_tokens("", file.pages) if file.pages else file.tokens
    return max(file.tokens - seen, 0) + TOKENS_AROUND


def measure_request_size(file: Attachment) -> int:
    """Return about how many bytes of a request what is sent of a file takes."""
    piece = make_piece(file)
    return len(piece.encode()) if isinstance(piece, str) else piece.blob.encoded_size

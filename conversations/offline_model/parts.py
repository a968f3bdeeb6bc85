"""Pictures and files in a request: whether the API takes them, what they count, and how they are
spoken of.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from conversations.attachments.tokens import estimate_image_tokens, estimate_pdf_tokens
from conversations.offline_model.image_size import read_image_size

IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
DETAILS = ("auto", "low", "high")
PDF_TYPE = "application/pdf"
DATA_URL = re.compile(r"data:([a-z]+/[a-z0-9.+-]+);base64,", re.IGNORECASE)
# Low detail is read at a fixed size.
LOW_DETAIL = (512, 512)
PDF_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")


@dataclass(frozen=True)
class SentMedia:
    """A picture or a file as it came."""

    kind: Literal["image", "file"]
    name: str
    size: int
    tokens: int
    dimensions: tuple[int, int] | None = None

    def __str__(self) -> str:
        size = f"{self.size:,} bytes"
        if self.dimensions:
            return f"a picture of {self.dimensions[0]} × {self.dimensions[1]} pixels ({size})"
        return f"the PDF “{self.name}” ({size})"


def read_media(part: Mapping[str, Any]) -> SentMedia | None:
    """Return what a part holds; None for one of text. Raises ValueError for what the API refuses,
    with the field that is wrong.
    """
    match part["type"]:
        case "image_url":
            return _read_image(part.get("image_url"))
        case "file":
            return _read_file(part.get("file"))
        case "text" if not isinstance(part.get("text"), str):
            raise ValueError("text: expected a string")
    return None


def list_sent_media(messages: Iterable[Mapping[str, Any]]) -> list[SentMedia]:
    """Return all pictures and files of a request that the API takes."""
    return [media for message in messages for media in iterate_media(message)]


def iterate_media(message: Mapping[str, Any]) -> Iterator[SentMedia]:
    content = message.get("content")
    for part in content if isinstance(content, list) else ():
        if media := read_media(part):
            yield media


def _read_image(image: object) -> SentMedia:
    if not isinstance(image, dict) or image.get("detail", "auto") not in DETAILS:
        raise ValueError(f"image_url.detail: expected one of {', '.join(DETAILS)}")
    media_type, content = _read_data_url(image.get("url"), "image_url.url", IMAGE_TYPES)
    try:
        width, height = read_image_size(media_type, content)
    except ValueError as error:
        raise ValueError(f"image_url.url: invalid image, {error}") from None
    counted = LOW_DETAIL if image.get("detail") == "low" else (width, height)
    tokens = estimate_image_tokens(*counted)
    return SentMedia("image", "", len(content), tokens, (width, height))


def _read_file(file: object) -> SentMedia:
    if not isinstance(file, dict) or not isinstance(file.get("filename"), str):
        raise ValueError("file.filename: expected a string")
    _, content = _read_data_url(file.get("file_data"), "file.file_data", (PDF_TYPE,))
    if not content.startswith(b"%PDF-"):
        raise ValueError("file.file_data: invalid file, not a PDF")
    pages = len(PDF_PAGE.findall(content)) or 1
    return SentMedia("file", file["filename"], len(content), estimate_pdf_tokens("", pages))


def _read_data_url(url: object, field: str, types: tuple[str, ...]) -> tuple[str, bytes]:
    found = DATA_URL.match(url) if isinstance(url, str) else None
    if not isinstance(url, str) or not found or found[1].lower() not in types:
        raise ValueError(f"{field}: expected a data URL with the base64 of {' or '.join(types)}")
    try:
        return found[1].lower(), base64.b64decode(url[found.end() :], validate=True)
    except binascii.Error:
        raise ValueError(f"{field}: not base64") from None

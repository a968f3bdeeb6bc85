"""Files of messages, made without reading them."""

import struct
import zlib
from typing import Any

from conversations.attachments import storage
from conversations.attachments.models import Attachment
from conversations.attachments.tokens import (
    estimate_image_tokens,
    estimate_pdf_tokens,
    estimate_text_tokens,
)
from conversations.models import Message

PDF = b"%PDF-1.7\n1 0 obj << /Type /Page >> endobj\n%%EOF"


def make_png(width: int = 64, height: int = 48, *, padding: int = 0) -> bytes:
    """A grey picture; `padding`: so many bytes more that are no part of it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    chunks = [(b"IHDR", header), (b"tEXt", b"\xa5" * padding), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def add_image(
    message: Message,
    name: str = "cat.png",
    *,
    size: tuple[int, int] = (64, 48),
    content: bytes | None = None,
    **fields: Any,
) -> Attachment:
    content = make_png(*size) if content is None else content
    return add_file(
        message,
        name,
        {"view": ("image/png", content)},
        kind=Attachment.Kind.IMAGE,
        media_type="image/png",
        width=size[0],
        height=size[1],
        **{"tokens": estimate_image_tokens(*size)} | fields,
    )


def add_pdf(
    message: Message,
    name: str = "report.pdf",
    *,
    text: str = "All is well.",
    content: bytes = PDF,
    **fields: Any,
) -> Attachment:
    return add_file(
        message,
        name,
        {"original": ("application/pdf", content)},
        kind=Attachment.Kind.PDF,
        media_type="application/pdf",
        pages=1,
        text=text,
        **{"tokens": estimate_pdf_tokens(text, 1)} | fields,
    )


def add_text(
    message: Message, name: str = "notes.txt", text: str = "Buy milk.", **fields: Any
) -> Attachment:
    return add_file(
        message,
        name,
        {"original": ("text/plain", text.encode())},
        kind=Attachment.Kind.TEXT,
        media_type="text/plain",
        text=text,
        **{"tokens": estimate_text_tokens(text)} | fields,
    )


def add_file(
    message: Message, name: str, outputs: dict[str, tuple[str, bytes]], **fields: Any
) -> Attachment:
    """A file behind those that the message has."""
    owner = message.conversation.owner
    assert owner
    (_, content) = next(iter(outputs.values()))
    key = storage.make_content_key(owner.pk, content)
    storage.write_content(key, {output: content for output, (_, content) in outputs.items()})
    position = message.file_count or 0
    message.file_count = position + 1
    message.save(update_fields=["file_count"])
    return Attachment.objects.create(
        owner=owner,
        message=message,
        conversation=message.conversation,
        position=position,
        name=name,
        size=len(content),
        received=len(content),
        content_key=key,
        outputs={output: [kind, len(content)] for output, (kind, content) in outputs.items()},
        stored_size=sum(len(content) for _, content in outputs.values()),
        **fields,
    )

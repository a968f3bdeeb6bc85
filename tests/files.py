"""Files of messages, made without reading them."""

from typing import Any

from chatsite.accounts.models import User
from conversations.attachments.models import Attachment
from conversations.attachments.tokens import (
    estimate_image_tokens,
    estimate_pdf_tokens,
    estimate_text_tokens,
)
from conversations.models import Message
from tests.attachments.factories import PDF, make_image, make_pdf, make_text_file
from tests.factories import owner_of
from tests.pictures import make_chunk, make_png


def pad_png(content: bytes, padding: int) -> bytes:
    """A picture with so many bytes more that are no part of it."""
    head, end = content[:-12], content[-12:]
    return head + make_chunk(b"tEXt", b"\xa5" * padding) + end


def add_image(
    message: Message,
    name: str = "cat.png",
    *,
    size: tuple[int, int] = (64, 48),
    content: bytes | None = None,
    **fields: Any,
) -> Attachment:
    content = make_png(*size) if content is None else content
    usual = {"width": size[0], "height": size[1], "tokens": estimate_image_tokens(*size)}
    return add_file(message, make_image(owner(message), content, name=name, **usual | fields))


def add_pdf(
    message: Message,
    name: str = "report.pdf",
    *,
    text: str = "All is well.",
    content: bytes = PDF,
    **fields: Any,
) -> Attachment:
    usual = {"pages": 1, "tokens": estimate_pdf_tokens(text, 1)}
    return add_file(
        message, make_pdf(owner(message), content, name=name, text=text, **usual | fields)
    )


def add_text(
    message: Message, name: str = "notes.txt", text: str = "Buy milk.", **fields: Any
) -> Attachment:
    usual = {"tokens": estimate_text_tokens(text)}
    return add_file(message, make_text_file(owner(message), text, name=name, **usual | fields))


def add_file(message: Message, file: Attachment) -> Attachment:
    """Puts a file behind those that the message has."""
    file.position = message.file_count or 0
    file.message, file.conversation, file.draft = message, message.conversation, ""
    file.save()
    message.file_count = file.position + 1
    message.save(update_fields=["file_count"])
    return file


def owner(message: Message) -> User:
    return owner_of(message.conversation)

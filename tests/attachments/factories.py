"""Files for tests to work on: their rows and their bytes, without an upload."""

import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django.core.files.storage import storages

from chatsite.accounts.models import User
from conversations.attachments import sending, storage
from conversations.attachments.models import Attachment
from conversations.models import Message

# A picture of one pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
PDF = b"%PDF-1.7\n1 0 obj << /Type /Page >> endobj\n%%EOF"


def make_text_file(
    owner: User, text: str = "Milk, bread", *, name: str = "list.txt", **fields: Any
) -> Attachment:
    """A file that waits to be sent."""
    content = text.encode()
    return make_file(
        owner,
        content,
        {storage.ORIGINAL: ("text/plain", content)},
        name=name,
        kind=Attachment.Kind.TEXT,
        media_type="text/plain",
        text=text,
        **({"tokens": len(content) // 4} | fields),
    )


def make_pdf(
    owner: User,
    content: bytes = PDF,
    *,
    name: str = "report.pdf",
    page_pictures: int = 0,
    sent_pages: int | None = None,
    **fields: Any,
) -> Attachment:
    """A PDF that waits to be sent, with pictures of so many of its pages, or as its first ones."""
    outputs = {f"page-{number}": ("image/png", PNG) for number in range(1, page_pictures + 1)}
    if sent_pages:
        outputs[f"first-{sent_pages}"] = ("application/pdf", content)
        fields |= {"sent_as": Attachment.SentAs.PAGES, "sent_pages": sent_pages}
    return make_file(
        owner,
        content,
        {storage.ORIGINAL: ("application/pdf", content), **outputs},
        name=name,
        kind=Attachment.Kind.PDF,
        media_type="application/pdf",
        **({"pages": 1} | fields),
    )


def make_image(
    owner: User, content: bytes = PNG, *, name: str = "cat.png", **fields: Any
) -> Attachment:
    """A picture that waits to be sent."""
    picture = ("image/png", content)
    return make_file(
        owner,
        content,
        {"view": picture, "small": picture},
        name=name,
        kind=Attachment.Kind.IMAGE,
        media_type="image/png",
        **({"width": 1, "height": 1, "tokens": 1} | fields),
    )


def make_file(
    owner: User, content: bytes, outputs: dict[str, tuple[str, bytes]], **fields: Any
) -> Attachment:
    key = storage.make_content_key(owner.pk, content)
    storage.write_content(key, {name: output for name, (_, output) in outputs.items()})
    size = sum(len(output) for _, output in outputs.values())
    return Attachment.objects.create(
        owner=owner,
        size=len(content),
        received=len(content),
        content_key=key,
        outputs={name: [kind, len(output)] for name, (kind, output) in sorted(outputs.items())},
        **({"pk": uuid.uuid4(), "draft": "new", "stored_size": size} | fields),
    )


def make_sent_file(message: Message, file: Attachment) -> Attachment:
    """The file, in a message."""
    sending.attach_files(message, [file])
    return file


def list_kept() -> list[str]:
    """The keys of all contents that are on the disk."""
    return sorted(storage.list_contents())


def count_bytes_of(secret: bytes) -> int:
    """In how many of the files of both storages these bytes are."""
    return sum(secret in content for name in ("files", "uploads") for content in read_all(name))


def read_all(name: str, folder: str = "") -> Iterator[bytes]:
    """Yield the contents of all files of a storage."""
    with suppress(FileNotFoundError):
        folders, files = storages[name].listdir(folder)
        for file in files:
            with storages[name].open(f"{folder}/{file}") as opened:
                yield opened.read()
        for inner in folders:
            yield from read_all(name, f"{folder}/{inner}".lstrip("/"))

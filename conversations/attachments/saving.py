"""What has come of a file is looked at for viruses, read, and kept: first its bytes, then its row.

A bucket may be slow or away, so nothing is asked of the storage within a transaction. What keeps
bytes and rows together all the same is the note of their removal (removal.py): under the owner's
lock a row is given bytes only where they aren't being removed, and looked for once more after that.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.connections import release_connection
from chatsite.core.locks import lock_user
from chatsite.s3.client import BucketAwayError, BucketRefusedError
from conversations.attachments import reader, storage, tokens, virus_scan
from conversations.attachments.errors import FileBusyError, FileNotSavedError, FileRefusedError
from conversations.attachments.limits import read_limits_of
from conversations.attachments.models import Attachment, RemovedContent
from conversations.attachments.reading.values import FileReading, UnreadableFileError

logger = logging.getLogger(__name__)

# What may be wrong with the moment, and not with the file.
PASSING = {"busy", "unavailable"}
# Taken over from a file with the same content.
READ_FIELDS = (
    *("kind", "media_type", "outputs", "stored_size", "width", "height", "pages", "text"),
    "tokens",
)


def keep_content(owner: User, file: Attachment, content: bytes) -> None:
    key = storage.make_content_key(owner.pk, content)
    with refuse_unsaved(file):
        known = find_known(owner, key)
    if known:
        for name in READ_FIELDS:
            setattr(file, name, getattr(known, name))
    else:
        check_for_viruses(file, content)
        reading = read_content(owner, file, content)
        outputs = list_outputs(reading, content)
        describe(file, reading, outputs)
        release_connection()
        with refuse_unsaved(file):
            storage.write_content(key, outputs)
    name_content(owner, file, key)


def find_known(owner: User, key: str) -> Attachment | None:
    """Return a file of the owner's with this content, if its bytes are there."""
    known = Attachment.objects.filter(owner=owner, content_key=key).first()
    release_connection()
    return known if known and storage.has_content(key, known.outputs) else None


def name_content(owner: User, file: Attachment, key: str) -> None:
    """Has the file's row speak of bytes that are there. Raises FileBusyError where they have just
    been removed, with the last file that had them.
    """
    busy = FileBusyError(_("“%(name)s” couldn’t be saved. Try again.") % {"name": file.name})
    with transaction.atomic():
        lock_user(owner.pk)
        removed = RemovedContent.objects.filter(content_key=key)
        if removed.exclude(removal_began_at=None).exists():
            raise busy
        file.content_key = key
        file.save(update_fields=["content_key", *READ_FIELDS])
        removed.delete()
    release_connection()
    # From here on nobody removes them; but that may have been before.
    with refuse_unsaved(file):
        if storage.has_content(key, file.outputs):
            return
    file.content_key = ""
    with transaction.atomic():
        file.save(update_fields=["content_key"])
        # Some may be left.
        RemovedContent.objects.get_or_create(content_key=key, defaults={"owner_id": owner.pk})
    raise busy


@contextmanager
def refuse_unsaved(file: Attachment) -> Iterator[None]:
    """Raises FileNotSavedError where the storage fails, for whatever reason, and FileBusyError
    where that may pass by itself.
    """
    try:
        yield
    except BucketAwayError as error:
        logger.error("file %s can't be saved: %s", file.pk, error)
        raise FileBusyError(
            _(
                "“%(name)s” couldn’t be saved: the server can’t reach its file storage. "
                "Try again in a few minutes."
            )
            % {"name": file.name}
        ) from error
    except BucketRefusedError as error:
        logger.error("file %s can't be saved: %s", file.pk, error)
        raise FileNotSavedError(
            _(
                "“%(name)s” couldn’t be saved: the server’s file storage refuses it. "
                "Tell an administrator, and try again later."
            )
            % {"name": file.name}
        ) from error
    except OSError as error:
        logger.exception("file %s can't be saved", file.pk)
        raise FileNotSavedError(
            _(
                "“%(name)s” couldn’t be saved: the server has no room for it. "
                "Tell an administrator, and try again later."
            )
            % {"name": file.name}
        ) from error


def check_for_viruses(file: Attachment, content: bytes) -> None:
    """Raises FileRefusedError, or FileBusyError where nobody can tell now."""
    try:
        virus_scan.scan(content)
    except virus_scan.VirusFoundError as error:
        logger.warning("file %s has a virus: %s", file.pk, error.name)
        raise FileRefusedError(
            _("“%(name)s” has a virus. It was not kept.") % {"name": file.name}
        ) from None
    except virus_scan.ScanUnavailableError as error:
        logger.error("file %s can't be looked at for viruses: %s", file.pk, error)
        raise FileBusyError(
            _("“%(name)s” can’t be checked for viruses now. Try again in a few minutes.")
            % {"name": file.name}
        ) from None


def read_content(owner: User, file: Attachment, content: bytes) -> FileReading:
    kinds = read_limits_of(owner).kinds
    release_connection()
    with refuse_unreadable(file):
        return reader.read_file(owner.pk, file.name, content, kinds=kinds)


@contextmanager
def refuse_unreadable(file: Attachment) -> Iterator[None]:
    """Raises FileRefusedError, or FileBusyError where it can't be read now."""
    try:
        yield
    except UnreadableFileError as error:
        sentence = _("“%(name)s”: %(problem)s") % {
            "name": file.name,
            "problem": reader.describe_error(error.code),
        }
        if error.code in PASSING:
            raise FileBusyError(sentence) from None
        raise FileRefusedError(sentence) from None


def list_outputs(reading: FileReading, content: bytes) -> dict[str, bytes]:
    """Return what is kept, by name: of an image no byte that came, as it may say where it was
    taken.
    """
    outputs = {name: output.content for name, output in reading.outputs.items()}
    if reading.kind != "image":
        outputs[storage.ORIGINAL] = content
    return outputs


def describe(file: Attachment, reading: FileReading, outputs: dict[str, bytes]) -> None:
    """Note down in its row what was read, and what is kept."""
    types = {name: output.media_type for name, output in reading.outputs.items()}
    file.kind = reading.kind
    file.media_type = reading.media_type
    file.width, file.height, file.pages = reading.width, reading.height, reading.pages
    file.text = reading.text
    file.tokens = estimate_tokens(reading)
    # In one order, so that a row of a backup is the same once it was restored.
    file.outputs = {
        name: [types.get(name, reading.media_type), len(content)]
        for name, content in sorted(outputs.items())
    }
    file.stored_size = sum(map(len, outputs.values()))


def estimate_tokens(reading: FileReading) -> int:
    if reading.kind == "image":
        return tokens.estimate_image_tokens(reading.width or 1, reading.height or 1)
    if reading.kind == "pdf":
        return tokens.estimate_pdf_tokens(reading.text, reading.pages or 1)
    return tokens.estimate_text_tokens(reading.text)

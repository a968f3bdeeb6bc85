"""From the first piece of a file to its row: announced, sent in pieces from where the last one
ended, and read once it is whole.

    FileRefusedError            it can't be taken, now or later
    ├── FileTooLargeError       413
    UploadConflictError         the piece doesn't begin where the last one ended
    FileBusyError               it can't be read now; what has come stays, and is read when it is
                                asked for again
    FileNotSavedError           there is no room on the disk, or no disk; what has come stays
"""

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.file_names import file_name
from chatsite.core.locks import lock_user
from conversations.attachments import queries, reader, storage, tokens, virus_scan
from conversations.attachments.limits import PIECE_SIZE, FileLimits, read_limits_of
from conversations.attachments.models import Attachment, RemovedContent
from conversations.attachments.reading.values import FileReading, UnreadableFileError

logger = logging.getLogger(__name__)

# What may be wrong with the moment, and not with the file.
PASSING = {"busy", "unavailable"}
LONGEST_ENDING = 10
# Taken over from a file with the same content.
READ_FIELDS = (
    *("kind", "media_type", "outputs", "stored_size", "width", "height", "pages", "text"),
    "tokens",
)


class FileRefusedError(UserFacingError):
    """The file can't be taken."""

    status = 422


class FileTooLargeError(FileRefusedError):
    """There is more of it than may be."""

    status = 413


class FileBusyError(UserFacingError):
    """It can't be read now."""

    status = 503


class FileNotSavedError(UserFacingError):
    """The storage doesn't take it."""

    status = 507


class UploadConflictError(UserFacingError):
    """A piece that doesn't begin where the last one ended; `received` says where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(_("A part of this file is missing. Try again."))
        self.received = received


def begin_upload(*, owner: User, name: str, size: int, draft: str) -> Attachment:
    """Announces a file, to be sent in pieces. Raises FileRefusedError."""
    limits = read_limits_of(owner)
    name = clean_name(name)
    with transaction.atomic():
        lock_user(owner.pk)
        check_limits(owner, name, size, draft, limits)
        return Attachment.objects.create(owner=owner, name=name, size=size, draft=draft)


def take_piece(*, owner: User, file_id: uuid.UUID, offset: int, piece: bytes) -> Attachment:
    """Keeps a piece of a file, and reads the file once it is whole. A piece that has come before,
    and an empty one at the end, are taken again. Raises Http404, FileRefusedError,
    UploadConflictError, FileBusyError.
    """
    file = queries.get_unsent_file(owner, file_id)
    if file.is_ready:
        return file
    end = offset + len(piece)
    if offset > file.received or len(piece) > PIECE_SIZE or end > file.size:
        raise UploadConflictError(file.received)
    if end > file.received:
        with refuse_unsaved(file):
            storage.write_piece(file.pk, offset, piece)
        Attachment.objects.filter(pk=file.pk, received=file.received).update(received=end)
        file.refresh_from_db(fields=["received"])
    if file.received == file.size:
        finish_upload(owner, file)
    return file


def take_whole_file(*, owner: User, name: str, pieces: Iterable[bytes], draft: str) -> Attachment:
    """Takes a file that a form has sent as a whole. Raises FileRefusedError, FileBusyError."""
    content = b"".join(pieces)
    file = begin_upload(owner=owner, name=name, size=len(content), draft=draft)
    try:
        keep_content(owner, file, content)
    except UserFacingError:
        file.delete()
        raise
    return file


def send_as_text(*, owner: User, file_id: uuid.UUID) -> Attachment:
    """Has a file that waits to be sent go as the text that is in it. Raises Http404."""
    file = queries.get_unsent_file(owner, file_id)
    file.is_text_only = True
    file.save(update_fields=["is_text_only"])
    return file


def discard_upload(*, owner: User, file_id: uuid.UUID) -> None:
    """Takes back a file that wasn't sent. Raises Http404."""
    with transaction.atomic():
        lock_user(owner.pk)
        queries.get_unsent_file(owner, file_id).delete()
    storage.remove_pieces(file_id)


def finish_upload(owner: User, file: Attachment) -> None:
    """Reads the file and keeps what was read; what can't be taken is forgotten."""
    content = b"".join(storage.read_pieces(file.pk))
    if len(content) != file.size:
        # A piece was lost with a disk: from the beginning, then.
        Attachment.objects.filter(pk=file.pk).update(received=0)
        raise UploadConflictError(0)
    try:
        keep_content(owner, file, content)
    except FileRefusedError:
        Attachment.objects.filter(pk=file.pk).delete()
        storage.remove_pieces(file.pk)
        raise
    storage.remove_pieces(file.pk)


def keep_content(owner: User, file: Attachment, content: bytes) -> None:
    key = storage.make_content_key(owner.pk, content)
    if known := Attachment.objects.filter(owner=owner, content_key=key).first():
        for name in READ_FIELDS:
            setattr(file, name, getattr(known, name))
        outputs: dict[str, bytes] = {}
    else:
        check_for_viruses(file, content)
        reading = read_content(owner, file, content)
        outputs = list_outputs(reading, content)
        describe(file, reading, outputs)
        with refuse_unsaved(file):
            storage.write_content(key, outputs)
    with transaction.atomic():
        lock_user(owner.pk)
        # Its bytes may have been removed since, with the last file that had them.
        if not storage.has_content(key, file.outputs):
            raise FileBusyError(_("“%(name)s” couldn’t be saved. Try again.") % {"name": file.name})
        file.content_key = key
        file.save(update_fields=["content_key", *READ_FIELDS])
        RemovedContent.objects.filter(content_key=key).delete()


@contextmanager
def refuse_unsaved(file: Attachment) -> Iterator[None]:
    """Raises FileNotSavedError where the storage fails, for whatever reason."""
    try:
        yield
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
    try:
        return reader.read_file(owner.pk, file.name, content, kinds=read_limits_of(owner).kinds)
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


def clean_name(name: str) -> str:
    """Return a file's name without folders, and without what some system forbids."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, _dot, ending = last.rpartition(".")
    if not stem or not file_name(ending) or len(ending) > LONGEST_ENDING:
        return file_name(last) or _("File")
    return f"{file_name(stem) or _('File')}.{file_name(ending)}"


def check_limits(owner: User, name: str, size: int, draft: str, limits: FileLimits) -> None:
    if not limits.are_allowed:
        raise FileRefusedError(_("Files can’t be attached on this site."))
    if size <= 0:
        raise FileRefusedError(_("“%(name)s” is empty.") % {"name": name})
    if size > limits.file_size:
        raise FileTooLargeError(
            _("“%(name)s” is too large: %(size)s, where a file may have %(most)s.")
            % {
                "name": name,
                "size": filesizeformat(size),
                "most": filesizeformat(limits.file_size),
            }
        )
    unsent = queries.list_waiting(owner).filter(draft=draft)
    if unsent.count() >= limits.files:
        raise FileRefusedError(
            ngettext(
                "A message takes %(count)d file. Send it first, or remove it.",
                "A message takes %(count)d files. Send these first, or remove one.",
                limits.files,
            )
            % {"count": limits.files}
        )
    if limits.user_size is not None and queries.sum_sizes(owner) + size > limits.user_size:
        raise FileTooLargeError(
            _(
                "Your files would take more than the %(most)s that you may keep. "
                "Delete conversations with files that you no longer need."
            )
            % {"most": filesizeformat(limits.user_size)}
        )

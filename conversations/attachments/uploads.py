"""From the first piece of a file to its row: announced, sent in pieces from where the last one
ended, and read once it is whole (saving.py).
"""

import logging
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.models import User
from chatsite.core.connections import release_connection
from chatsite.core.errors import UserFacingError
from chatsite.core.file_names import file_name
from chatsite.core.locks import lock_user
from conversations.attachments import queries, storage
from conversations.attachments.errors import (
    FileRefusedError,
    FileTooLargeError,
    UploadConflictError,
)
from conversations.attachments.limits import PIECE_SIZE, FileLimits, read_limits_of
from conversations.attachments.models import Attachment
from conversations.attachments.saving import keep_content, refuse_unsaved

logger = logging.getLogger(__name__)

LONGEST_ENDING = 10


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
    release_connection()
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


def discard_upload(*, owner: User, file_id: uuid.UUID) -> None:
    """Takes back a file that wasn't sent. Raises Http404."""
    with transaction.atomic():
        lock_user(owner.pk)
        queries.get_unsent_file(owner, file_id).delete()
    forget_pieces(file_id)


def finish_upload(owner: User, file: Attachment) -> None:
    """Reads the file and keeps what was read; what can't be taken is forgotten."""
    with refuse_unsaved(file):
        content = b"".join(storage.read_pieces(file.pk))
    if len(content) != file.size:
        # A piece was lost with a disk: from the beginning, then.
        Attachment.objects.filter(pk=file.pk).update(received=0)
        raise UploadConflictError(0)
    try:
        keep_content(owner, file, content)
    except FileRefusedError:
        Attachment.objects.filter(pk=file.pk).delete()
        forget_pieces(file.pk)
        raise
    forget_pieces(file.pk)


def forget_pieces(file_id: uuid.UUID) -> None:
    """Removes the pieces of a file; what fails now is swept later (removal.py)."""
    try:
        storage.remove_pieces(file_id)
    except OSError:
        logger.warning("pieces of file %s can't be removed now", file_id, exc_info=True)


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
    check_room(owner, size, limits)


def check_room(owner: User, size: int, limits: FileLimits) -> None:
    """Raises FileTooLargeError where a user may not keep so much more."""
    if limits.user_size is not None and queries.sum_sizes(owner) + size > limits.user_size:
        raise FileTooLargeError(
            _(
                "Your files would take more than the %(most)s that you may keep. "
                "Delete conversations with files that you no longer need."
            )
            % {"most": filesizeformat(limits.user_size)}
        )

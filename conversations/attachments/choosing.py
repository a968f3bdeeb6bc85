"""In which way files that wait to be sent are to be sent, where that isn't as they are
(alternatives.py).

A PDF's first pages are a PDF of their own, kept beside the whole one: made once, by the helper
process, so that every later turn sends the same bytes.
"""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.connections import release_connection
from chatsite.core.locks import lock_user
from conversations.attachments import reader, storage, uploads
from conversations.attachments.alternatives import Choice, can_be_smaller, with_choice
from conversations.attachments.errors import FileRefusedError
from conversations.attachments.limits import read_limits_of
from conversations.attachments.models import Attachment, RemovedContent
from conversations.attachments.saving import refuse_unreadable, refuse_unsaved

logger = logging.getLogger(__name__)

SentAs = Attachment.SentAs
SENT_FIELDS = ("sent_as", "sent_pages", "sent_pages_tokens")


def choose(*, owner: User, choice: Choice) -> None:
    """Has these files go as it was chosen: those that wait to be sent, and can. Raises
    FileRefusedError, FileBusyError, FileNotSavedError.
    """
    waiting = Attachment.objects.filter(owner=owner, message=None, pk__in=choice.files)
    for file in waiting.exclude(content_key=""):
        if not is_possible(file, choice):
            continue
        if choice.pages:
            keep_first_pages(owner, file, choice.pages)
        chosen = with_choice(file, choice.sent_as, choice.pages)
        values = {name: getattr(chosen, name) for name in SENT_FIELDS}
        Attachment.objects.filter(pk=file.pk, message=None).update(**values)


def is_possible(file: Attachment, choice: Choice) -> bool:
    is_pdf = file.kind == Attachment.Kind.PDF
    match choice.sent_as:
        case SentAs.PAGES:
            return is_pdf and 0 < (choice.pages or 0) < (file.pages or 0)
        case SentAs.TEXT:
            return is_pdf and not choice.pages
        case SentAs.LOW_DETAIL:
            return can_be_smaller(file) and not choice.pages
    return False


def keep_first_pages(owner: User, file: Attachment, count: int) -> None:
    """Makes a PDF of the first pages, if it isn't there, for all files of the same content."""
    name = storage.name_first_pages(count)
    if name in file.outputs:
        return
    with refuse_unsaved(file):
        content = extract_first_pages(owner, file, count)
    with transaction.atomic():
        lock_user(owner.pk)
        uploads.check_room(owner, len(content), read_limits_of(owner))
    release_connection()
    with refuse_unsaved(file):
        storage.write_content(file.content_key, {name: content})
    with transaction.atomic():
        lock_user(owner.pk)
        same = Attachment.objects.filter(content_key=file.content_key)
        kept = same.first()
        if kept is None:
            # It was removed meanwhile, and what has just been written is to go as well.
            RemovedContent.objects.get_or_create(
                content_key=file.content_key, defaults={"owner_id": owner.pk}
            )
        elif name not in kept.outputs:
            output = [file.media_type, len(content)]
            same.update(
                outputs=dict(sorted([*kept.outputs.items(), (name, output)])),
                stored_size=kept.stored_size + len(content),
            )


def extract_first_pages(owner: User, file: Attachment, count: int) -> bytes:
    def load() -> bytes:
        with storage.open_content(file.content_key, storage.ORIGINAL) as original:
            return bytes(original.read())

    release_connection()
    try:
        with refuse_unreadable(file):
            return reader.extract_first_pages(owner.pk, load, count)
    except FileNotFoundError:
        logger.exception("file %s can't be read", file.pk)
        raise FileRefusedError(
            _("“%(name)s” is no longer there. Remove it, and attach it again.")
            % {"name": file.name}
        ) from None

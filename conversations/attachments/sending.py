"""Which files go with a message: those that waited in its box, and, with another version or a copy
of a message, those that it had.
"""

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.models import User
from conversations.attachments.limits import read_limits
from conversations.attachments.models import Attachment
from conversations.content import InvalidMessageError
from conversations.models import Message


def get_unsent_files(owner: User, ids: Sequence[uuid.UUID]) -> list[Attachment]:
    """Return the files that a message is to be sent with, in this order. Under the lock of the
    owner. Raises InvalidMessageError where they can't go with one message.
    """
    if not ids:
        return []
    limits = read_limits()
    if len(ids) > limits.files:
        raise InvalidMessageError(
            ngettext(
                "A message takes %(count)d file. Remove some.",
                "A message takes %(count)d files. Remove some.",
                limits.files,
            )
            % {"count": limits.files}
        )
    unsent = Attachment.objects.filter(owner=owner, message=None, pk__in=ids)
    found = {file.pk: file for file in unsent.exclude(content_key="")}
    files = [found[pk] for pk in ids if pk in found]
    if len(files) < len(ids):
        raise InvalidMessageError(
            _("A file of this message is no longer there. Remove it, or attach it again.")
        )
    if sum(file.size for file in files) > limits.message_size:
        raise InvalidMessageError(
            _("The files of a message may have %(most)s together. Send them in several messages.")
            % {"most": filesizeformat(limits.message_size)}
        )
    return files


def attach_files(message: Message, files: Sequence[Attachment]) -> None:
    """Puts files into a message that is being sent. Called in its transaction."""
    for position, file in enumerate(files):
        file.message, file.conversation_id = message, message.conversation_id
        file.position, file.draft = position, ""
    Attachment.objects.bulk_update(files, ["message", "conversation", "position", "draft"])
    count_files(message, len(files))


def copy_files(source: Message, target: Message) -> None:
    """Gives a message the files of another one. Called in a transaction."""
    if source.file_count:
        copy_all_files({source.pk: target})
        count_files(target, source.file_count)


def copy_all_files(targets: Mapping[int, Message]) -> None:
    """Gives each of these messages the files of the one whose id it stands under."""
    copies = []
    with transaction.atomic():
        for file in Attachment.objects.filter(message__in=targets).order_by("message", "position"):
            if file.message_id is None:
                continue
            target = targets[file.message_id]
            file.pk = uuid.uuid4()
            file.message, file.conversation_id = target, target.conversation_id
            file._state.adding = True
            copies.append(file)
        Attachment.objects.bulk_create(copies)


def count_files(message: Message, count: int) -> None:
    message.file_count = count
    Message.objects.filter(pk=message.pk).update(file_count=count)

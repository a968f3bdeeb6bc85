"""Renaming, pinning, archiving and deleting a conversation; one under a legal hold only vanishes
for its owner.
"""

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.core import lock_wait
from chatsite.core.database_errors import is_unavailable
from chatsite.core.errors import UserFacingError
from chatsite.core.locks import lock_user, retry_on_conflict
from chatsite.core.visible import to_visible_line
from chatsite.databases.sqlite import secure_vacuum
from conversations.models import TITLE_LENGTH, Attachment, Conversation, Message, ModelRequest
from conversations.services.change_feed import publish_change
from conversations.services.replies.channel import get_channel

# Seconds.
SEEN_WAIT = 0.1
# So many stand on top of the list: all of them are on each page.
MAX_PINNED = 50


class TooManyPinnedError(UserFacingError):
    """No more conversations can be pinned."""


class InvalidTitleError(UserFacingError):
    """The title can't be taken."""

    status = 422


def rename_conversation(*, conversation: Conversation, title: str) -> None:
    title = to_visible_line(title)
    if not title:
        raise InvalidTitleError(_("Write a title first."))
    if len(title) > TITLE_LENGTH:
        raise InvalidTitleError(
            _("A title has at most %(length)d characters. Shorten it.") % {"length": TITLE_LENGTH}
        )
    conversation.title = title
    conversation.title_source = Conversation.TitleSource.USER
    # Nothing, should it have been deleted meanwhile.
    Conversation.objects.filter(pk=conversation.pk).update(
        title=title, title_source=conversation.title_source
    )
    publish_change(conversation.owner_id)


def pin_conversation(*, conversation: Conversation, pinned: bool) -> None:
    """Puts it on top of its owner's list, or back among the others. Raises TooManyPinnedError."""
    with transaction.atomic():
        owner = conversation.owner_id
        if pinned and owner is not None and not conversation.pinned:
            lock_user(owner)
            if (
                Conversation.objects.filter(owner=owner, pinned=True, deleted_at=None).count()
                >= MAX_PINNED
            ):
                raise TooManyPinnedError(
                    ngettext(
                        "At most %(count)d conversation can be pinned. Unpin another one first.",
                        "At most %(count)d conversations can be pinned. Unpin another one first.",
                        MAX_PINNED,
                    )
                    % {"count": MAX_PINNED}
                )
        Conversation.objects.filter(pk=conversation.pk).update(pinned=pinned)
    publish_change(conversation.owner_id)
    conversation.pinned = pinned


def archive_conversation(*, conversation: Conversation, archived: bool) -> None:
    """Takes it out of the list, or puts it there again; a reply that is being written goes on."""
    Conversation.objects.filter(pk=conversation.pk).update(archived=archived)
    publish_change(conversation.owner_id)
    conversation.archived = archived


def mark_seen(*, conversation: Conversation) -> None:
    """Say that a page shows how its last reply ended. Nobody waits for a database that is locked or
    away: it is said again when it is shown again.
    """
    if not conversation.has_unseen_reply:
        return
    try:
        with lock_wait.at_most(SEEN_WAIT), transaction.atomic():
            Conversation.objects.filter(pk=conversation.pk).update(has_unseen_reply=False)
    except DatabaseError as error:
        if not is_unavailable(error):
            raise
        return
    publish_change(conversation.owner_id, is_list=False)


@retry_on_conflict
def delete_conversation(*, conversation: Conversation) -> None:
    """Deletes it with all its messages; a reply that is being written is stopped.

    Its text has left the database's files by the next checkpoint of replies, in two seconds. One
    that is held is nobody's from here on, and is deleted when it is released.
    """
    with transaction.atomic():
        # Whoever places a hold takes the same lock.
        if conversation.owner_id is not None:
            lock_user(conversation.owner_id)
        running = list(conversation.messages.filter(status__in=Message.RUNNING))
        if not detach_held_conversations(Conversation.objects.filter(pk=conversation.pk)):
            # A copy of it, as Django takes its key from what it deletes.
            Conversation(pk=conversation.pk).delete()
            transaction.on_commit(secure_vacuum.scrub_soon)
    for message in running:
        get_channel().cancel_reply(message.pk, Message.Status.STOPPED)


def detach_held_conversations(conversations: QuerySet[Conversation]) -> int:
    """Takes those that are held from their owners: no list of the chat has them any more. Returns
    how many they are.
    """
    held = conversations.filter(is_held=True)
    Attachment.objects.filter(conversation__in=held).update(owner=None)
    detached = held.update(owner=None, folder=None, deleted_at=None)
    if detached:
        # Those of an owner who is erased go with them.
        ModelRequest.objects.filter(conversation__in=conversations).update(user=None)
    return detached

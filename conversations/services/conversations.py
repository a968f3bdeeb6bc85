"""Renaming and deleting a conversation; one under a legal hold only vanishes for its owner."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chatsite.core.errors import UserFacingError
from chatsite.core.locks import lock_user, retry_on_conflict
from chatsite.core.visible import to_visible_line
from chatsite.databases.sqlite import secure_vacuum
from conversations.models import TITLE_LENGTH, Conversation, Message
from conversations.services.replies.channel import get_channel


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
    return conversations.filter(is_held=True).update(owner=None)

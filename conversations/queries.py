"""Every read, scoped to its owner: what isn't theirs doesn't exist for them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from chatsite.accounts.models import User
from chatsite.core.pagination import Keyset, Page, read_moment
from conversations.models import Conversation, Message
from conversations.tree import find_context_start, list_branch

PAGE_SIZE = 50
LIST_SIZE = 50


@dataclass(frozen=True)
class MessagePage:
    """Messages in reading order; `earlier_cursor` is the parent of the first, None at the
    beginning. `context_start` is the oldest message that the model still gets.
    """

    messages: Sequence[Message]
    earlier_cursor: int | None
    context_start: int | None = None


# The last used first.
BY_ACTIVITY = Keyset(
    ("-last_activity_at", "-pk"), {"last_activity_at": read_moment, "pk": uuid.UUID}
)


def get_conversation(user: User, conversation_id: uuid.UUID) -> Conversation:
    return get_object_or_404(Conversation, pk=conversation_id, owner=user)


def find_conversation(user: User, conversation_id: uuid.UUID) -> Conversation | None:
    """The conversation, if it is the user's."""
    return Conversation.objects.filter(pk=conversation_id, owner=user).first()


def count_conversations(user: User) -> int:
    return Conversation.objects.filter(owner=user).count()


def get_message(user: User, conversation_id: uuid.UUID, message_id: int) -> Message:
    return get_object_or_404(
        Message.objects.select_related("conversation", "feedback"),
        pk=message_id,
        conversation_id=conversation_id,
        conversation__owner=user,
    )


def list_branch_page(conversation: Conversation, end: int | None) -> QuerySet[Message]:
    """Return a page of a branch, with all that is shown of a message."""
    return list_branch(conversation, end, PAGE_SIZE).select_related("feedback")


def read_message_page(conversation: Conversation, before: int | None = None) -> MessagePage:
    """The latest messages, or those up to and including `before`."""
    end = conversation.leaf_id if before is None else before
    messages = list(list_branch_page(conversation, end))
    latest = messages
    if before is not None:
        newest = list_branch(conversation, conversation.leaf_id, PAGE_SIZE)
        latest = list(newest.only("context_start"))
    earlier_cursor = messages[0].parent_id if messages else None
    return MessagePage(messages, earlier_cursor, find_context_start(latest))


def list_newer_messages(conversation: Conversation, seen: int) -> list[Message]:
    """What was added to the branch after the message of id `seen`, at most a page."""
    return list(list_branch_page(conversation, conversation.leaf_id).filter(pk__gt=seen))


def find_running_reply(conversation: Conversation) -> Message | None:
    return conversation.messages.filter(status__in=Message.RUNNING).first()


def list_conversations(
    user: User, *, after: str = "", before: str = "", size: int = LIST_SIZE
) -> Page[Conversation]:
    """Return a page of the sidebar's list. Raises InvalidCursorError."""
    found = Conversation.objects.filter(owner=user, archived=False)
    found = found.only("id", "title", "last_activity_at")
    return BY_ACTIVITY.page(found, size, after=after, before=before)


def list_conversations_around(user: User, conversation: Conversation) -> Page[Conversation]:
    """Return a page that holds the conversation: the first, or one with as many above as below."""
    if conversation.archived:
        return list_conversations(user)
    cursor = BY_ACTIVITY.cursor_of(conversation)
    above = list_conversations(user, before=cursor, size=LIST_SIZE // 2)
    below = list_conversations(user, after=cursor, size=LIST_SIZE - len(above.rows) - 1)
    rows = [*above.rows, conversation, *below.rows]
    return Page(rows, previous=above.previous, next=below.next)

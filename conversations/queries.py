"""Every read, scoped to its owner: what isn't theirs doesn't exist for them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from chatsite.accounts.models import User
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


@dataclass(frozen=True)
class ConversationPage:
    """Conversations, the last used first. The cursors lead to those after and before them, and are
    empty at the ends.
    """

    conversations: Sequence[Conversation]
    next_cursor: str = ""
    previous_cursor: str = ""


def conversation_for(user: User, conversation_id: uuid.UUID) -> Conversation:
    return get_object_or_404(Conversation, pk=conversation_id, owner=user)


def find_conversation(user: User, conversation_id: uuid.UUID) -> Conversation | None:
    """The conversation, if it is the user's."""
    return Conversation.objects.filter(pk=conversation_id, owner=user).first()


def conversation_count(user: User) -> int:
    return Conversation.objects.filter(owner=user).count()


def message_for(user: User, conversation_id: uuid.UUID, message_id: int) -> Message:
    return get_object_or_404(
        Message.objects.select_related("conversation", "feedback"),
        pk=message_id,
        conversation_id=conversation_id,
        conversation__owner=user,
    )


def list_page(conversation: Conversation, end: int | None) -> QuerySet[Message]:
    """Return a page of a branch, with all that is shown of a message."""
    return list_branch(conversation, end, PAGE_SIZE).select_related("feedback")


def message_page(conversation: Conversation, before: int | None = None) -> MessagePage:
    """The latest messages, or those up to and including `before`."""
    end = conversation.leaf_id if before is None else before
    messages = list(list_page(conversation, end))
    latest = messages
    if before is not None:
        newest = list_branch(conversation, conversation.leaf_id, PAGE_SIZE)
        latest = list(newest.only("context_start"))
    earlier_cursor = messages[0].parent_id if messages else None
    return MessagePage(messages, earlier_cursor, find_context_start(latest))


def newer_messages(conversation: Conversation, seen: int) -> list[Message]:
    """What was added to the branch after the message of id `seen`, at most a page."""
    return list(list_page(conversation, conversation.leaf_id).filter(pk__gt=seen))


def running_reply(conversation: Conversation) -> Message | None:
    return conversation.messages.filter(status__in=Message.RUNNING).first()


def conversation_page(user: User, cursor: str = "") -> ConversationPage:
    """The user's conversations, the last used first; `cursor` continues where a page ended."""
    found = listed(user)
    if cursor:
        moment, conversation_id = read_cursor(cursor)
        found = found.filter(
            Q(last_activity_at__lt=moment) | Q(last_activity_at=moment, pk__lt=conversation_id)
        )
    page = list(found[: LIST_SIZE + 1])
    return ConversationPage(page[:LIST_SIZE], next_cursor=cursor_at(page, LIST_SIZE))


def list_newer_conversations(user: User, cursor: str, limit: int = LIST_SIZE) -> ConversationPage:
    """The page before the one that begins at `cursor`."""
    moment, conversation_id = read_cursor(cursor)
    newer = listed(user).filter(
        Q(last_activity_at__gt=moment) | Q(last_activity_at=moment, pk__gt=conversation_id)
    )
    page = list(newer.order_by("last_activity_at", "id")[: limit + 1])
    return ConversationPage(page[:limit][::-1], previous_cursor=cursor_at(page, limit))


def list_conversations_around(user: User, conversation: Conversation) -> ConversationPage:
    """A page that holds the conversation: the first, or one with as many above it as below."""
    if conversation.archived:
        return conversation_page(user)
    cursor = cursor_of(conversation)
    above = list_newer_conversations(user, cursor, LIST_SIZE // 2)
    rest = conversation_page(user, cursor)
    size = LIST_SIZE - len(above.conversations) - 1
    below = [conversation, *rest.conversations[:size]]
    next_cursor = cursor_of(below[-1]) if len(rest.conversations) > size else rest.next_cursor
    return ConversationPage([*above.conversations, *below], next_cursor, above.previous_cursor)


def listed(user: User) -> QuerySet[Conversation]:
    """What lists show of conversations, in their order."""
    found = Conversation.objects.filter(owner=user, archived=False)
    return found.order_by("-last_activity_at", "-id").only("id", "title", "last_activity_at")


def cursor_at(page: Sequence[Conversation], limit: int) -> str:
    """The cursor of the last conversation within the limit; none where nothing comes after it."""
    return cursor_of(page[limit - 1]) if len(page) > limit else ""


def cursor_of(conversation: Conversation) -> str:
    return f"{conversation.last_activity_at.isoformat()}_{conversation.pk}"


def read_cursor(cursor: str) -> tuple[datetime, uuid.UUID]:
    """Raises ValueError for anything but a cursor made here."""
    moment, _, conversation_id = cursor.partition("_")
    try:
        read = datetime.fromisoformat(moment)
        if read.tzinfo is None:
            raise ValueError("a cursor's time has a zone")
        return read.astimezone(UTC), uuid.UUID(conversation_id)
    except OverflowError as error:
        raise ValueError("a time before the first or after the last there is") from error

"""Every read, scoped to its owner: what isn't theirs doesn't exist for them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import BigIntegerField, Q, QuerySet, Sum, UUIDField
from django.http import Http404
from django.shortcuts import get_object_or_404

from chatsite.accounts.models import User
from chatsite.core.pagination import Keyset, Page, read_moment
from chatsite.core.prepared import PreparedQuery, Slot
from conversations.folders import Folder
from conversations.models import Conversation, Message
from conversations.tree import find_context_start, find_fork, list_branch

PAGE_SIZE = 50
# What fills a few screens, in characters, and what a message takes of it beside its text.
SCREENS_SIZE = 6_000
MESSAGE_SIZE = 300
# A version is shown with what follows it up to this many, so that what is read stays in its place.
SWITCHED_SIZE = 200
LIST_SIZE = 50
# What a list shows of a conversation.
LISTED = ("id", "title", "pinned", "last_activity_at", "has_unseen_reply")


@dataclass(frozen=True)
class MessagePage:
    """Messages in reading order; `earlier_cursor` is the parent of the first, None at the
    beginning. `context_start` is the oldest message that the model still gets.
    """

    messages: Sequence[Message]
    earlier_cursor: int | None
    context_start: int | None = None
    # Whether it ends before its branch does: then nothing can be added to it.
    is_cut: bool = False
    # The message whose branch isn't the shown one, and is to be from now on.
    opened: int | None = None
    # Whether its beginning was left out, for the browser to ask for once the rest is painted.
    is_short: bool = False


@dataclass(frozen=True)
class UsageSum:
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal


# The last used first.
BY_ACTIVITY = Keyset(
    ("-last_activity_at", "-pk"), {"last_activity_at": read_moment, "pk": uuid.UUID}
)


# Asked for each message that is sent, and for each that ends.
CONVERSATION = PreparedQuery(
    lambda: Conversation.objects.filter(
        pk=Slot("pk", UUIDField()), owner=Slot("owner", BigIntegerField()), deleted_at=None
    ).select_related("folder", "assistant", "assistant_version")
)
MESSAGE = PreparedQuery(
    lambda: Message.objects.filter(
        pk=Slot("pk", BigIntegerField()),
        conversation_id=Slot("conversation", UUIDField()),
        conversation__owner=Slot("owner", BigIntegerField()),
        conversation__deleted_at=None,
    ).select_related("conversation", "feedback")
)


def list_own(user: User) -> QuerySet[Conversation]:
    """Return all of a user's conversations; a deleted one is none of them."""
    return Conversation.objects.filter(owner=user, deleted_at=None)


def get_conversation(user: User, conversation_id: uuid.UUID) -> Conversation:
    conversation = CONVERSATION.find(pk=conversation_id, owner=user.pk)
    if conversation is None:
        raise Http404("No Conversation is theirs by this id.")
    return conversation


def find_conversation(user: User, conversation_id: uuid.UUID) -> Conversation | None:
    """The conversation, if it is the user's."""
    return list_own(user).filter(pk=conversation_id).first()


def count_conversations(user: User) -> int:
    return list_own(user).count()


def get_message(user: User, conversation_id: uuid.UUID, message_id: int) -> Message:
    message = MESSAGE.find(pk=message_id, conversation=conversation_id, owner=user.pk)
    if message is None:
        raise Http404("No Message is theirs by this id.")
    return message


def list_branch_page(
    conversation: Conversation, end: int | None, size: int = PAGE_SIZE
) -> QuerySet[Message]:
    """Return a page of a branch, with all that is shown of a message."""
    return list_branch(conversation, end, size).select_related("feedback")


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


def shorten_page(page: MessagePage) -> MessagePage:
    """Return the end of a page, as much as fills a few screens: the last message and the one that
    it answers in any case.
    """
    room = SCREENS_SIZE
    for number, message in enumerate(reversed(page.messages)):
        if room <= 0 and number >= 2:
            messages = page.messages[-number:]
            return replace(
                page, messages=messages, earlier_cursor=messages[0].parent_id, is_short=True
            )
        room -= len(message.text) + MESSAGE_SIZE
    return page


def read_page_around(conversation: Conversation, path: Sequence[int]) -> MessagePage:
    """Return what stands around a message of the shown branch, whose ids from there to the leaf are
    `path`: all that follows, or, where that is too much, a page that is cut.
    """
    if len(path) > SWITCHED_SIZE:
        messages = list(list_branch_page(conversation, path[PAGE_SIZE // 2]))
    else:
        size = len(path) + PAGE_SIZE // 2
        messages = list(list_branch_page(conversation, path[-1], size))
    newest = list_branch(conversation, conversation.leaf_id, PAGE_SIZE).only("context_start")
    return MessagePage(
        messages,
        messages[0].parent_id if messages else None,
        find_context_start(list(newest)),
        is_cut=len(path) > SWITCHED_SIZE,
    )


def read_unseen_page(conversation: Conversation, seen: int) -> MessagePage:
    """Return what a page that ends with the message of id `seen` lacks of the shown branch: what
    follows the last message that both have.
    """
    if seen == conversation.leaf_id:
        return MessagePage([], None)
    return read_page_below(conversation, find_fork(conversation.pk, conversation.leaf_id, seen))


def read_page_below(
    conversation: Conversation, above: int | None, size: int = PAGE_SIZE
) -> MessagePage:
    """Return what follows the message of id `above` on the shown branch, all of it for None; the
    latest `size` messages where it is more, which then have an `earlier_cursor`.
    """
    found = list_branch_page(conversation, conversation.leaf_id, size)
    messages = list(found.filter(pk__gt=above or 0))
    first = messages[0].parent_id if messages else above
    earlier_cursor = None if first == above else first
    return MessagePage(messages, earlier_cursor, find_context_start(messages))


def sum_usage(conversation: Conversation) -> UsageSum:
    """Return what all replies of a conversation took, on every branch."""
    names = ("prompt_tokens", "completion_tokens", "cost_usd")
    sums = conversation.messages.aggregate(**{name: Sum(name) for name in names})
    return UsageSum(
        sums["prompt_tokens"] or 0, sums["completion_tokens"] or 0, sums["cost_usd"] or Decimal(0)
    )


def find_newest_note(conversation: Conversation) -> str | None:
    """Return what the model is told with the newest message of the user on the shown branch."""
    leaf = conversation.leaf_id
    ends = Q(pk=leaf) | Q(children=leaf)
    newest = conversation.messages.filter(ends, role=Message.Role.USER).order_by("-pk").first()
    return newest.context_note if newest else None


def list_running_replies(conversation: Conversation) -> list[Message]:
    """Return what is being written in a conversation: two replies where they are compared."""
    return list(conversation.messages.filter(status__in=Message.RUNNING))


def list_conversations(
    user: User,
    *,
    archived: bool = False,
    after: str = "",
    before: str = "",
    size: int = LIST_SIZE,
) -> Page[Conversation]:
    """Return a page of those in use but for the pinned ones and those in folders, or of the
    archived ones. Raises InvalidCursorError.
    """
    found = list_briefly(user).filter(archived=archived)
    if not archived:
        found = found.filter(pinned=False, folder=None)
    return BY_ACTIVITY.page(found, size, after=after, before=before)


def list_pinned_conversations(user: User) -> QuerySet[Conversation]:
    """Return those on top of the list, the last used first."""
    return list_briefly(user).filter(pinned=True, archived=False).order_by(*BY_ACTIVITY.keys)


def list_folders(user: User) -> QuerySet[Folder]:
    """Return a user's folders by their names."""
    return Folder.objects.filter(owner=user)


def get_folder(user: User, folder_id: uuid.UUID) -> Folder:
    return get_object_or_404(list_folders(user), pk=folder_id)


def list_conversations_in(
    folder: Folder, *, after: str = "", before: str = ""
) -> Page[Conversation]:
    """Return a page of what is in a folder and not archived. Raises InvalidCursorError.

    All of it is its owner's (services/folders.py); asked for by owner too, SQLite would read all
    that they have.
    """
    found = folder.conversations.filter(deleted_at=None, archived=False).only(*LISTED)
    return BY_ACTIVITY.page(found, LIST_SIZE, after=after, before=before)


def list_briefly(user: User) -> QuerySet[Conversation]:
    """Return a user's conversations with what a list shows of them."""
    return list_own(user).only(*LISTED)


def list_running_ids(user: User) -> set[uuid.UUID]:
    """Return which of a user's conversations have a reply that is being written."""
    running = Message.objects.filter(status__in=Message.RUNNING, conversation__owner=user)
    return set(running.values_list("conversation_id", flat=True))


def list_unseen_conversations(user: User) -> QuerySet[Conversation]:
    """Return those in whose pages a reply wasn't seen yet, the last used first."""
    unseen = list_own(user).filter(has_unseen_reply=True, archived=False)
    return unseen.only("id", "title").order_by(*BY_ACTIVITY.keys)[:LIST_SIZE]


def list_conversations_around(user: User, conversation: Conversation) -> Page[Conversation]:
    """Return a page that holds the conversation: the first, or one with as many above as below."""
    if conversation.archived or conversation.pinned or conversation.folder_id:
        return list_conversations(user)
    return list_conversations_at(user, BY_ACTIVITY.cursor_of(conversation))


def list_conversations_at(user: User, cursor: str) -> Page[Conversation]:
    """Return a page with as many above the cursor as below, or the first; what the cursor was made
    of is in it if it still stands there. Raises InvalidCursorError.
    """
    above = list_conversations(user, before=cursor, size=LIST_SIZE // 2)
    if not above.rows:
        return list_conversations(user)
    last = BY_ACTIVITY.cursor_of(above.rows[-1])
    below = list_conversations(user, after=last, size=LIST_SIZE - len(above.rows))
    return Page([*above.rows, *below.rows], previous=above.previous, next=below.next)

"""Pages of any branch of a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from conversations.models import Conversation, Message
from conversations.queries import PAGE_SIZE
from conversations.review.transcript.url_state import UrlState
from conversations.tree import (
    find_context_start,
    find_path_through,
    find_path_to_leaf,
    list_branch,
)

# How many messages a page shows after the one that is asked for.
FOLLOWING = PAGE_SIZE // 2


@dataclass(frozen=True)
class TranscriptPage:
    """A page of messages; the ids say where the pages before and after it end and begin."""

    messages: Sequence[Message]
    # The last of the branch: None where that is what the user sees.
    branch: int | None
    earlier: int | None
    later: int | None
    marked: int | None = None

    @property
    def context_start(self) -> int | None:
        """The oldest message that the model still gets; known at the end of a branch."""
        return None if self.later else find_context_start(self.messages)


def find_page(conversation: Conversation, place: UrlState) -> TranscriptPage:
    """Return the page that an address names. Raises Http404 where there is no such message."""
    if place.message is not None:
        return find_page_around(conversation, place.message)
    if place.past is not None:
        return find_page_after(conversation, place.branch, place.past)
    leaf = place.branch if place.branch is not None else conversation.leaf_id
    end = place.up_to if place.up_to is not None else leaf
    return read_transcript_page(conversation, end, leaf, later=None if end == leaf else end)


def find_page_around(conversation: Conversation, message: int) -> TranscriptPage:
    """Return the page that holds a message: on the branch that the user sees, if it is there."""
    path = find_path_through(conversation, message)
    if not path:
        raise Http404
    end = path[-1] if len(path) <= PAGE_SIZE else path[FOLLOWING]
    later = None if end == path[-1] else end
    return read_transcript_page(conversation, end, path[-1], later=later, marked=message)


def find_page_after(conversation: Conversation, leaf: int | None, message: int) -> TranscriptPage:
    """Return the page that follows a message of a branch."""
    leaf = conversation.leaf_id if leaf is None else leaf
    path = find_path_to_leaf(conversation, leaf, message)
    if len(path) < 2:
        raise Http404
    end = path[min(PAGE_SIZE, len(path) - 1)]
    return read_transcript_page(conversation, end, leaf, later=None if end == path[-1] else end)


def read_transcript_page(
    conversation: Conversation,
    end: int | None,
    leaf: int | None,
    *,
    later: int | None,
    marked: int | None = None,
) -> TranscriptPage:
    messages = list(list_branch(conversation, end, PAGE_SIZE).select_related("feedback"))
    if end is not None and not messages:
        raise Http404
    return TranscriptPage(
        messages=messages,
        branch=None if leaf == conversation.leaf_id else leaf,
        earlier=messages[0].parent_id if messages else None,
        later=later,
        marked=marked,
    )

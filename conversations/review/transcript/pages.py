"""Pages of any branch of a conversation, and the branches beside it.

A message is always older than those under it, so the ids of a branch grow.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.http import Http404

from conversations.models import Conversation, Message
from conversations.queries import PAGE_SIZE, branch, context_start_of
from conversations.review.transcript.url_state import Place

# How many messages a page shows after the one that is asked for.
FOLLOWING = PAGE_SIZE // 2

# From a branch's end up to a message, if that is on it.
CLIMB = """
climb (id, parent_id) AS (
    SELECT id, parent_id FROM conversations_message WHERE id = %(leaf)s AND conversation_id = %(of)s
    UNION ALL
    SELECT message.id, message.parent_id
    FROM conversations_message message JOIN climb ON message.id = climb.parent_id
    WHERE message.id >= %(message)s
)
"""
# From a message down: where several follow, along the latest.
DESCENT = """
descent (id) AS (
    SELECT id FROM conversations_message WHERE id = %(message)s AND conversation_id = %(of)s
    UNION ALL
    SELECT (SELECT MAX(id) FROM conversations_message WHERE parent_id = descent.id)
    FROM descent WHERE descent.id IS NOT NULL
)
"""
ABOVE = f"WITH RECURSIVE {CLIMB} SELECT id FROM climb ORDER BY id"  # noqa: S608 - constants
BOTH = f"""
WITH RECURSIVE {CLIMB}, {DESCENT}
SELECT 1, id FROM climb UNION ALL SELECT 0, id FROM descent WHERE id IS NOT NULL ORDER BY 2
"""  # noqa: S608 - constants


@dataclass(frozen=True)
class Reading:
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
        return None if self.later else context_start_of(self.messages)


@dataclass(frozen=True)
class Siblings:
    """A message among those that stand in its place on other branches."""

    position: int
    count: int
    previous: int | None
    next: int | None


def read(conversation: Conversation, place: Place) -> Reading:
    """Raises Http404 where there is no such message."""
    if place.message is not None:
        return around(conversation, place.message)
    if place.past is not None:
        return after(conversation, place.branch, place.past)
    leaf = place.branch if place.branch is not None else conversation.leaf_id
    end = place.up_to if place.up_to is not None else leaf
    return page(conversation, end, leaf, later=None if end == leaf else end)


def page(
    conversation: Conversation,
    end: int | None,
    leaf: int | None,
    *,
    later: int | None,
    marked: int | None = None,
) -> Reading:
    found = branch(conversation, end, PAGE_SIZE).select_related("feedback")
    messages = list(found)
    if end is not None and not messages:
        raise Http404
    return Reading(
        messages=messages,
        branch=None if leaf == conversation.leaf_id else leaf,
        earlier=messages[0].parent_id if messages else None,
        later=later,
        marked=marked,
    )


def around(conversation: Conversation, message: int) -> Reading:
    """The page that holds a message: on the branch that the user sees, if it is there."""
    rows = walk(BOTH, conversation, leaf=conversation.leaf_id, message=message)
    above = [pk for is_above, pk in rows if is_above]
    path = above if message in above else [pk for is_above, pk in rows if not is_above]
    if not path:
        raise Http404
    end = path[-1] if len(path) <= PAGE_SIZE else path[FOLLOWING]
    later = None if end == path[-1] else end
    return page(conversation, end, path[-1], later=later, marked=message)


def after(conversation: Conversation, leaf: int | None, message: int) -> Reading:
    """The page that follows a message of a branch."""
    leaf = conversation.leaf_id if leaf is None else leaf
    path = [pk for (pk,) in walk(ABOVE, conversation, leaf=leaf, message=message)]
    if len(path) < 2 or path[0] != message:
        raise Http404
    end = path[min(PAGE_SIZE, len(path) - 1)]
    return page(conversation, end, leaf, later=None if end == path[-1] else end)


def walk(
    sql: str, conversation: Conversation, *, leaf: int | None, message: int
) -> list[tuple[int, ...]]:
    # Raw SQL takes the id as this database stores it.
    of = Conversation._meta.pk.get_db_prep_value(conversation.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"leaf": leaf, "of": of, "message": message})
        found: list[tuple[int, ...]] = cursor.fetchall()
        return found


def siblings_of(conversation: Conversation, messages: Iterable[Message]) -> dict[int, Siblings]:
    """For those that have any."""
    parents = {message.parent_id for message in messages}
    beside = Q(parent_id__in=parents - {None})
    if None in parents:
        beside |= Q(parent_id=None)
    rows = conversation.messages.filter(beside).order_by("id").values_list("parent_id", "pk")
    groups: dict[int | None, list[int]] = defaultdict(list)
    for parent, pk in rows:
        groups[parent].append(pk)
    return {
        pk: Siblings(
            position=index + 1,
            count=len(group),
            previous=group[index - 1] if index else None,
            next=group[index + 1] if index + 1 < len(group) else None,
        )
        for group in groups.values()
        if len(group) > 1
        for index, pk in enumerate(group)
    }

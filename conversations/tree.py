"""The tree of a conversation's messages, and the only walks through it: for the chat, for review
and for exports.

A message hangs under the one it answers; a retried reply is a sibling of the one before it. A
branch is the path from the first message to a leaf. A message is always older than those under it,
so the ids of a branch grow.

Each function is one query at most. A step up is one look-up by primary key, a step down one in the
index on `parent`: a walk costs what it passes, however long the conversation is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from conversations.models import Conversation, Message

# As many as a step can be counted.
UNLIMITED = 2**31 - 1

ANCESTORS = """
WITH RECURSIVE branch (id, parent_id, steps) AS (
    SELECT id, parent_id, 1 FROM conversations_message WHERE id = %s AND conversation_id = %s
    UNION ALL
    SELECT message.id, message.parent_id, branch.steps + 1
    FROM conversations_message message JOIN branch ON message.id = branch.parent_id
    WHERE branch.steps < %s
)
SELECT id FROM branch
"""
# From a leaf up to a message, if that is on its branch.
CLIMB = """
climb (id, parent_id) AS (
    SELECT id, parent_id FROM conversations_message
    WHERE id = %(leaf)s AND conversation_id = %(conversation)s
    UNION ALL
    SELECT message.id, message.parent_id
    FROM conversations_message message JOIN climb ON message.id = climb.parent_id
    WHERE message.id >= %(message)s
)
"""
# From a message down: where several follow, along the latest.
DESCENT = """
descent (id) AS (
    SELECT id FROM conversations_message
    WHERE id = %(message)s AND conversation_id = %(conversation)s
    UNION ALL
    SELECT (SELECT MAX(id) FROM conversations_message WHERE parent_id = descent.id)
    FROM descent WHERE descent.id IS NOT NULL
)
"""
PATH_TO_LEAF = f"WITH RECURSIVE {CLIMB} SELECT id FROM climb ORDER BY id"  # noqa: S608 - constants
PATHS_BOTH_WAYS = f"""
WITH RECURSIVE {CLIMB}, {DESCENT}
SELECT 1, id FROM climb UNION ALL SELECT 0, id FROM descent WHERE id IS NOT NULL ORDER BY 2
"""  # noqa: S608 - constants


@dataclass(frozen=True)
class Siblings:
    """A message among those that stand in its place on other branches."""

    position: int
    count: int
    previous: int | None
    next: int | None


def list_branch(
    conversation: Conversation, end: int | None, limit: int = UNLIMITED
) -> QuerySet[Message]:
    """Return the branch's last messages up to the one of id `end`, at most `limit`, in reading
    order.
    """
    if end is None:
        return Message.objects.none()
    ancestors = RawSQL(ANCESTORS, [end, stored_id(conversation), limit])  # noqa: S611 - a constant
    return Message.objects.filter(pk__in=ancestors)


def find_path_to_leaf(conversation: Conversation, leaf: int | None, message: int) -> list[int]:
    """Return the ids from a message to a leaf, both included; none if it isn't on that branch."""
    path = [pk for (pk,) in fetch_rows(PATH_TO_LEAF, conversation, leaf, message)]
    return path if path and path[0] == message else []


def find_path_through(conversation: Conversation, message: int) -> list[int]:
    """Return the ids from a message to the end of a branch that holds it: the shown one, or else
    along the latest messages under it. None where there is no such message.
    """
    rows = fetch_rows(PATHS_BOTH_WAYS, conversation, conversation.leaf_id, message)
    climbed = [pk for is_climbed, pk in rows if is_climbed]
    if message in climbed:
        return climbed
    return [pk for is_climbed, pk in rows if not is_climbed]


def find_siblings(conversation: Conversation, messages: Iterable[Message]) -> dict[int, Siblings]:
    """Return where messages stand among their siblings, by id; of those that have any."""
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


def collect_branch_ids(parents: Mapping[int, int | None], leaf: int | None) -> set[int]:
    """Return the ids of a branch without a query, where each message's parent is known already."""
    branch: set[int] = set()
    while leaf is not None and leaf in parents and leaf not in branch:
        branch.add(leaf)
        leaf = parents[leaf]
    return branch


def find_context_start(latest: Sequence[Message]) -> int | None:
    """Return the id of the oldest message that the model still gets, by the latest of a branch: a
    reply that is running or was interrupted doesn't say.
    """
    starts = (message.context_start for message in reversed(latest))
    return next((start for start in starts if start is not None), None)


def stored_id(conversation: Conversation) -> Any:
    """Return the conversation's id as this database stores it, which raw SQL has to be given."""
    return Conversation._meta.pk.get_db_prep_value(conversation.pk, connection)


def fetch_rows(
    sql: str, conversation: Conversation, leaf: int | None, message: int
) -> list[tuple[int, ...]]:
    values = {"leaf": leaf, "conversation": stored_id(conversation), "message": message}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[int, ...]] = cursor.fetchall()
        return rows

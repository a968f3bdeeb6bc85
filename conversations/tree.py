"""The tree of a conversation's messages, and the only walks through it: for the chat, for review
and for exports.

A message hangs under the one it answers; an edited message, and a reply that is had again, is a
sibling of the one before it: another version. A branch is the path from the first message to a
leaf. A message is always older than those under it, so the ids of a branch grow.

Each function is one query at most. A step up is one look-up by primary key, a step down one in the
index on `parent`: a walk costs what it passes, however long the conversation is.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from chatsite.core.prepared import Slot
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
# From a message down: where several follow, along the one looked at last, or else the latest.
DESCENT = """
descent (id) AS (
    SELECT id FROM conversations_message
    WHERE id = %(message)s AND conversation_id = %(conversation)s
    UNION ALL
    SELECT COALESCE(
        (
            SELECT shown.id FROM conversations_message above
            JOIN conversations_message shown
                ON shown.id = above.shown_child_id AND shown.parent_id = above.id
            WHERE above.id = descent.id
        ),
        (SELECT MAX(id) FROM conversations_message WHERE parent_id = descent.id)
    )
    FROM descent WHERE descent.id IS NOT NULL
)
"""
# From a leaf and from a message up, from the newer of the two each time, until they are one.
MEETING = """
WITH RECURSIVE meeting (upper, lower) AS (
    SELECT CAST(%(leaf)s AS bigint), id FROM conversations_message
    WHERE id = %(message)s AND conversation_id = %(conversation)s
    UNION ALL
    SELECT
        CASE WHEN upper > lower
            THEN (SELECT parent_id FROM conversations_message WHERE id = upper) ELSE upper END,
        CASE WHEN lower > upper
            THEN (SELECT parent_id FROM conversations_message WHERE id = lower) ELSE lower END
    FROM meeting WHERE upper <> lower
)
SELECT upper FROM meeting WHERE upper = lower
"""
# A message and all below it, on every branch.
SUBTREE = """
WITH RECURSIVE subtree (id) AS (
    SELECT id FROM conversations_message WHERE id = %s AND conversation_id = %s
    UNION ALL
    SELECT message.id FROM conversations_message message JOIN subtree
    ON message.parent_id = subtree.id
)
SELECT id FROM subtree
"""
PATH_TO_LEAF = f"WITH RECURSIVE {CLIMB} SELECT id FROM climb ORDER BY id"  # noqa: S608 - constants
PATHS_BOTH_WAYS = f"""
WITH RECURSIVE {CLIMB}, {DESCENT}
SELECT 1, id FROM climb UNION ALL SELECT 0, id FROM descent WHERE id IS NOT NULL ORDER BY 2
"""  # noqa: S608 - constants


@dataclass(frozen=True)
class Siblings:
    """A message among those that stand in its place on other branches: its versions, by age."""

    position: int
    count: int
    previous: int | None
    next: int | None
    latest: int


def list_branch(
    conversation: Conversation, end: int | None, limit: int = UNLIMITED
) -> QuerySet[Message]:
    """Return the branch's last messages up to the one of id `end`, at most `limit`, in reading
    order.
    """
    if end is None:
        return Message.objects.none()
    return list_ancestors(end, stored_id(conversation.pk), limit)


def list_ancestors(end: int | Slot, conversation: Any, limit: int | Slot) -> QuerySet[Message]:
    """`list_branch`, of which each part may be a slot; the conversation's id is the stored one."""
    ancestors = RawSQL(ANCESTORS, [end, conversation, limit])  # noqa: S611 - a constant
    return Message.objects.filter(pk__in=ancestors)


def list_subtree(root: Message) -> QuerySet[Message]:
    """Return a message and all that follows it, in every branch."""
    below = RawSQL(SUBTREE, [root.pk, stored_id(root.conversation_id)])  # noqa: S611 - a constant
    return Message.objects.filter(pk__in=below)


def find_path_to_leaf(conversation: Conversation, leaf: int | None, message: int) -> list[int]:
    """Return the ids from a message to a leaf, both included; none if it isn't on that branch."""
    path = [pk for (pk,) in fetch_rows(PATH_TO_LEAF, conversation.pk, leaf, message)]
    return path if path and path[0] == message else []


def find_path_through(conversation: Conversation, message: int) -> list[int]:
    """Return the ids from a message to the end of a branch that holds it: the shown one, or else
    the one looked at last. None where there is no such message.
    """
    rows = fetch_rows(PATHS_BOTH_WAYS, conversation.pk, conversation.leaf_id, message)
    climbed = [pk for is_climbed, pk in rows if is_climbed]
    if message in climbed:
        return climbed
    return [pk for is_climbed, pk in rows if not is_climbed]


def find_fork(conversation_id: uuid.UUID, leaf: int | None, message: int) -> int | None:
    """Return the last message that the branch to a leaf has in common with the one that holds a
    message; None where they begin apart, or there is no such message.
    """
    rows = fetch_rows(MEETING, conversation_id, leaf, message)
    return rows[0][0] if rows else None


def find_running_version(messages: Sequence[Message]) -> int | None:
    """Return the id of the message, of a branch of which these are the last, that has a reply being
    written below another version of it.
    """
    conversation_id = messages[0].conversation_id
    found = Message.objects.filter(conversation_id=conversation_id, status__in=Message.RUNNING)
    running = found.values_list("pk", flat=True).first()
    if running is None or any(message.pk == running for message in messages):
        return None
    fork = find_fork(conversation_id, messages[-1].pk, running)
    return next((message.pk for message in messages if message.parent_id == fork), None)


def find_siblings(messages: Sequence[Message]) -> dict[int, Siblings]:
    """Return where messages of one conversation stand among their siblings, by id; of those that
    have any.
    """
    if not messages:
        return {}
    groups: dict[int | None, list[int]] = defaultdict(list)
    for parent, pk in fetch_below(
        messages[0].conversation_id, {message.parent_id for message in messages}
    ):
        groups[parent].append(pk)
    return {
        pk: Siblings(
            position=index + 1,
            count=len(group),
            previous=group[index - 1] if index else None,
            next=group[index + 1] if index + 1 < len(group) else None,
            latest=group[-1],
        )
        for group in groups.values()
        if len(group) > 1
        for index, pk in enumerate(group)
    }


def fetch_below(
    conversation_id: uuid.UUID, parents: Collection[int | None]
) -> list[tuple[int | None, int]]:
    """Return parent and id of the messages right below these, by age; below None stand those that
    begin a conversation. As text: it is asked for each message that is sent and each that ends.
    """
    known = sorted(parent for parent in parents if parent is not None)
    below = [f"parent_id IN ({', '.join(['%s'] * len(known))})"] if known else []
    if None in parents:
        below.append("parent_id IS NULL")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT parent_id, id FROM conversations_message"  # noqa: S608 - placeholders
            f" WHERE conversation_id = %s AND ({' OR '.join(below)}) ORDER BY id",
            [stored_id(conversation_id), *known],
        )
        rows: list[tuple[int | None, int]] = cursor.fetchall()
        return rows


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


def stored_id(conversation_id: uuid.UUID) -> Any:
    """Return the conversation's id as this database stores it, which raw SQL has to be given."""
    return Conversation._meta.pk.get_db_prep_value(conversation_id, connection)


def fetch_rows(
    sql: str, conversation_id: uuid.UUID, leaf: int | None, message: int
) -> list[tuple[int, ...]]:
    values = {"leaf": leaf, "conversation": stored_id(conversation_id), "message": message}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[int, ...]] = cursor.fetchall()
        return rows

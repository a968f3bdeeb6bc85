"""Rows of the index whose owner it doesn't know, or knows wrongly, are written anew.

The first are those from before the index knew owners: a chore of the outbox's thread reads them,
the newest first, in small steps. Until it is through, searches find an owner's without the index.
"""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from conversations.models import Conversation
from conversations.outbox.models import Change
from conversations.search import indexing
from conversations.search.models import MessageDocument, TitleDocument
from conversations.search.owners import NOBODY, make_indexed_values, read_normalized

# Rows in a transaction, which on SQLite holds its lock for so long (docs/performance.md).
STEP = 50


def add_owners() -> bool:
    """Write some of the rows whose owner isn't known; return whether there may be more."""
    titles = TitleDocument.objects.filter(owner_id=None).values_list("conversation", flat=True)
    if waiting := list(titles[:STEP]):
        with transaction.atomic():
            indexing.save_titles(waiting)
        return True
    unknown = MessageDocument.objects.filter(owner_id=None).order_by("-pk")
    return write_owners(unknown, is_skipping_locked=True) > 0


def take_from_owners(conversation_ids: Collection[uuid.UUID]) -> None:
    """Write the messages of those that are nobody's now; an event follows while some are left."""
    detached = Conversation.objects.filter(pk__in=conversation_ids, owner=None)
    for pk in detached.values_list("pk", flat=True):
        documents = MessageDocument.objects.filter(message__conversation=pk)
        if write_owners(documents.exclude(owner_id=NOBODY).order_by("-pk")) == STEP:
            Change.objects.create(kind=Change.Kind.CONVERSATION, conversation_id=pk)


@transaction.atomic
def write_owners(documents: QuerySet[MessageDocument], *, is_skipping_locked: bool = False) -> int:
    """Write the first rows for the owners of now; return how many they were."""
    found = documents.select_related("message__conversation").only(
        "owner_id", "folded", "message__conversation__owner_id"
    )
    locked = found.select_for_update(of=("self",), skip_locked=is_skipping_locked)
    rows = list(locked[:STEP])
    MessageDocument.objects.bulk_create(
        [
            MessageDocument(
                message_id=row.pk,
                **make_indexed_values(
                    read_normalized(row.folded, row.owner_id), row.message.conversation.owner_id
                ),
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["message"],
        update_fields=indexing.COPIES,
    )
    return len(rows)

"""The search index of messages and titles, normalized."""

import uuid
from collections.abc import Collection, Sequence

from django.db import connection

from conversations.attachments.texts import join_texts
from conversations.models import Conversation, Message
from conversations.search import id_ranges
from conversations.search.models import MessageDocument, TitleDocument
from conversations.search.normalizing import normalize_text
from conversations.search.owners import make_indexed_values

COPIES = ("owner_id", "folded", "grams")
# A message that somebody is about to delete is passed over: to wait for them could end in a
# deadlock, and a document without its message would be kept for ever.
STILL_THERE = """
SELECT id FROM conversations_message WHERE id IN ({marks}) FOR KEY SHARE SKIP LOCKED
"""


def build_documents(messages: Sequence[Message]) -> list[MessageDocument]:
    """Build the index's rows of those that are finished and say something."""
    return [
        MessageDocument(
            message_id=message.pk, **make_indexed_values(folded, message.conversation.owner_id)
        )
        for message in messages
        if not message.is_running and (folded := normalize_text(join_texts(message))).strip()
    ]


def save_documents(made: Sequence[MessageDocument], messages: Sequence[Message]) -> None:
    """Save those of the documents that are of these messages; in a transaction."""
    kept = lock_existing({message.pk for message in messages} & {each.pk for each in made})
    MessageDocument.objects.bulk_create(
        [document for document in made if document.pk in kept],
        update_conflicts=True,
        unique_fields=["message"],
        update_fields=COPIES,
    )
    id_ranges.extend_ranges(message for message in messages if message.pk in kept)


def lock_existing(ids: set[int]) -> set[int]:
    """Return those of the messages that there are, and will be until the transaction has ended."""
    if not ids or connection.vendor == "sqlite":
        # Nobody else writes to SQLite meanwhile.
        return set(Message.objects.filter(pk__in=ids).values_list("pk", flat=True))
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(STILL_THERE.format(marks=marks), sorted(ids))
        return {pk for (pk,) in cursor.fetchall()}


def save_titles(conversation_ids: Collection[uuid.UUID]) -> None:
    """Save the titles that are new or have changed, or are of another owner now."""
    theirs = {"conversation__in": conversation_ids}
    rows = TitleDocument.objects.filter(**theirs).values_list("conversation", "owner_id", "folded")
    saved = {pk: (owner_id, folded) for pk, owner_id, folded in rows}
    found = Conversation.objects.filter(pk__in=conversation_ids)
    titles = [
        TitleDocument(conversation_id=pk, **make_indexed_values(normalize_text(title), owner_id))
        for pk, title, owner_id in found.values_list("pk", "title", "owner_id")
    ]
    TitleDocument.objects.bulk_create(
        [
            title
            for title in titles
            if saved.get(title.conversation_id) != (title.owner_id, title.folded)
        ],
        update_conflicts=True,
        unique_fields=["conversation"],
        update_fields=COPIES,
    )

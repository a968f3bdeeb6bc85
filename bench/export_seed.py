"""Conversations to export, and the export by itself; `manage.py shell` runs this."""

import json
import os
import resource
import time
from pathlib import Path

from django.db import connection

from chatsite.accounts.models import User
from chatsite.accounts.roles import Role
from chatsite.accounts.users.services import set_role
from conversations.models import Conversation, Message
from conversations.outbox.models import Change
from conversations.review import review_rows as reviews
from conversations.review.exports import services as exporting
from conversations.review.exports.selection import ExportSelection
from conversations.review.models import AccessEntry, Export
from conversations.review.queries import reviews_for

TEXT = "What does the documentation say about this? It says a good deal. " * 12
TOGETHER = 500

__all__ = ["export", "fill"]


def fill(conversations: int, length: int) -> None:
    owner = User.objects.create(username="owner", email="owner@example.com")
    for start in range(0, conversations, TOGETHER):
        made = Conversation.objects.bulk_create(
            Conversation(owner=owner, title=f"Conversation {number}", model="offline")
            for number in range(start, min(start + TOGETHER, conversations))
        )
        add_messages(made, length)
        reviews.refresh_rows([each.pk for each in made])
        Change.objects.all().delete()
    # As the database does by itself in time.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def add_messages(conversations: list[Conversation], length: int) -> None:
    """Each below the one before, a generation at a time, as a parent has to be there first."""
    last: list[Message | None] = [None] * len(conversations)
    for number in range(length):
        last = list(
            Message.objects.bulk_create(
                Message(
                    conversation=conversation,
                    parent=parent,
                    role=Message.Role.ASSISTANT if number % 2 else Message.Role.USER,
                    text=TEXT,
                    model="offline",
                )
                for conversation, parent in zip(conversations, last, strict=True)
            )
        )
    for conversation, leaf in zip(conversations, last, strict=True):
        conversation.leaf = leaf
    Conversation.objects.bulk_update(conversations, ["leaf"])


def export(form: str) -> None:
    """Prints what it took."""
    ada, _created = User.objects.get_or_create(username="bench-administrator")
    set_role(ada, Role.ADMINISTRATOR)
    started, size = time.monotonic(), 0
    selection = ExportSelection(reviews_for(ada).order_by("-last_activity_at"))
    made = exporting.create_export(
        reader=ada, selection=selection, form=Export.Format(form), query=""
    )
    entry = AccessEntry.objects.create(actor=ada.pseudonym, kind=AccessEntry.Kind.EXPORT)
    chunks = exporting.stream_export(export=made, selection=selection, reader=ada, entry=entry)
    with Path(os.devnull).open("wb") as nowhere:
        for chunk in exporting.track_export(export=made, chunks=chunks):
            size += nowhere.write(chunk)
    ada.delete()
    told = {
        "conversations": len(selection),
        "bytes": size,
        "seconds": time.monotonic() - started,
        "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    print(json.dumps(told))

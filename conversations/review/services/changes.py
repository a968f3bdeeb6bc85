"""Takes account of what happened: changes that the database has noted down (`triggers.py`) become
documents to search, figures, flags, and the row that the queue shows.

A thread does it within a second or so, so that nobody who chats waits for it. A change is taken
account of once, whatever dies meanwhile: what follows from it is saved in the transaction that
deletes it.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from chatsite.offload import offload
from chatsite.periodic import Periodic
from conversations.models import Message
from conversations.review.models import Change
from conversations.review.services import documents, figures, flagging, reviews
from conversations.review.services.index_cleaning import Cleaner

logger = logging.getLogger(__name__)

# Seconds; the second is for everybody else, while much is to be taken account of.
INTERVAL = 1.0
PAUSE = 0.02
# Seconds in which flags of deleted rules are removed before changes have their turn again.
REMOVING = 0.5
# Few enough that nobody waits long for SQLite's write lock.
BATCH = 20


@dataclass(frozen=True)
class Batch:
    changes: Sequence[Change]
    messages: dict[int, Message]

    def messages_of(self, kind: Change.Kind, taken: set[int]) -> list[Message]:
        """Those of taken changes of this kind that are still there."""
        ids = (c.message_id for c in self.changes if c.kind == kind and c.pk in taken)
        return [self.messages[pk] for pk in ids if pk in self.messages]


def drain(size: int = BATCH) -> int:
    """Takes account of all that there is; returns how many changes that were."""
    done = 0
    while batch := read(size):
        done += apply(batch)
    return done


def read(size: int, after: int = 0) -> Batch | None:
    """The oldest after the one of this id."""
    changes = list(Change.objects.filter(pk__gt=after).order_by("id")[:size])
    if not changes:
        return None
    ids = [change.message_id for change in changes if change.message_id]
    messages = Message.objects.filter(pk__in=ids).defer("html").select_related("conversation")
    return Batch(changes, {message.pk: message for message in messages})


def apply(batch: Batch) -> int:
    everything = {change.pk for change in batch.changes}
    finished = batch.messages_of(Change.Kind.FINISHED, everything)
    # What takes time is done before anything is locked.
    made = offload(documents.made_of, finished)
    found = flagging.matches(finished, late=batch.messages_of(Change.Kind.USAGE, everything))
    with transaction.atomic():
        taken = take(batch.changes)
        of_conversations = {c.conversation_id for c in batch.changes if c.pk in taken}
        # Users first, as whoever erases one does: neither waits for the other in vain.
        figures.keep_owners(of_conversations)
        finished = batch.messages_of(Change.Kind.FINISHED, taken)
        documents.save(made, finished)
        used = batch.messages_of(Change.Kind.USAGE, taken)
        figures.count(finished, used=used)
        flagged = flagging.flag(found, [*finished, *used])
        # In the order in which a conversation's deletion takes them.
        reviews.refresh(of_conversations)
        documents.save_titles(of_conversations)
        reviews.enqueue(flagged)
    return len(taken)


def take(changes: Sequence[Change]) -> set[int]:
    """Deletes them and returns which there still were: of two processes one gets each."""
    marks = ", ".join(["%s"] * len(changes))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM review_change WHERE id IN ({marks}) RETURNING id",  # noqa: S608
            [change.pk for change in changes],
        )
        return {pk for (pk,) in cursor.fetchall()}


class Follower(Periodic):
    """The thread that does so, for as long as a process serves."""

    def __init__(self) -> None:
        super().__init__("review", every=INTERVAL)
        self._cleaner = Cleaner()

    def work(self) -> None:
        self._follow()
        self._remove()
        self._cleaner.work()

    def _remove(self) -> None:
        until = time.monotonic() + REMOVING
        while time.monotonic() < until and flagging.remove_some():
            if self.stopped.wait(PAUSE):
                return

    def _follow(self) -> None:
        """A change that can't be taken account of waits for the next second; others don't wait
        for it.
        """
        size, after = BATCH, 0
        while not self.stopped.wait(PAUSE) and (batch := read(size, after)):
            try:
                apply(batch)
            except Exception:
                connection.close()
                if size == 1:
                    after = batch.changes[0].pk
                    logger.exception("change %d can't be taken account of", after)
                # One by one, until it is known which it is.
                size = 1

"""Takes account of what happened: changes that the database has noted down (`triggers.py`) become
documents to search, figures, flags, and the row that the queue shows.

A thread does it within a second or so, so that nobody who chats waits for it. A change is taken
account of once, whatever dies meanwhile: what follows from it is saved in the transaction that
deletes it.
"""

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from chatsite.core.offload import offload
from chatsite.jobs import attempts
from chatsite.jobs.periodic import Periodic
from conversations.models import Message
from conversations.outbox import crashed_events
from conversations.outbox.models import Change
from conversations.review.queue import services as reviews
from conversations.review.rules import flagging
from conversations.review.stats import services as figures
from conversations.search import indexing
from conversations.search.compaction import Cleaner
from conversations.search.models import MessageDocument

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
    # How often the process has died at it: such a change is alone in its batch.
    crashes: int = 0

    @property
    def is_set_aside(self) -> bool:
        return self.crashes >= attempts.LIMIT

    @property
    def is_hopeless(self) -> bool:
        """Also without its text."""
        return self.crashes > attempts.LIMIT

    def messages_of(self, taken: set[int], *kinds: Change.Kind) -> list[Message]:
        """Those of taken changes of these kinds that are still there, each once."""
        ids = (c.message_id for c in self.changes if c.kind in kinds and c.pk in taken)
        return [self.messages[pk] for pk in dict.fromkeys(ids) if pk in self.messages]

    def conversations_of(self, taken: set[int], kind: Change.Kind) -> set[uuid.UUID]:
        return {c.conversation_id for c in self.changes if c.kind == kind and c.pk in taken}


@dataclass(frozen=True)
class Seen:
    """What reading the texts of a batch has brought."""

    documents: Sequence[MessageDocument] = ()
    matches: Sequence[tuple[Message, int]] = ()
    are_titles_read: bool = False


def process_outbox(size: int = BATCH) -> int:
    """Takes account of all that there is; returns how many changes that were."""
    done = after = 0
    while batch := read(size, after):
        if batch.is_hopeless:
            after = batch.changes[0].pk
        else:
            done += apply(batch)
    return done


def read(size: int, after: int = 0) -> Batch | None:
    """The oldest after the one of this id; one at which the process died comes alone."""
    oldest = list(Change.objects.filter(pk__gt=after).order_by("id")[:size])
    if not oldest:
        return None
    crashes = crashed_events.crashes_of(oldest)
    changes = crashed_events.attempted_together(oldest, crashes)
    ids = [change.message_id for change in changes if change.message_id]
    messages = Message.objects.filter(pk__in=ids).defer("html").select_related("conversation")
    return Batch(
        changes,
        {message.pk: message for message in messages},
        crashes=crashes.get(crashed_events.item_of(changes[0]), 0),
    )


def apply(batch: Batch) -> int:
    """Takes account of them; returns how many they were, as another process may have some."""
    items = list(map(crashed_events.item_of, batch.changes))
    with attempts.attempt(crashed_events.NAME, items):
        seen = Seen() if batch.is_set_aside else look_at(batch)
        count = save(batch, seen)
    if batch.crashes:
        attempts.forgive(crashed_events.NAME, items[0])
    return count


def look_at(batch: Batch) -> Seen:
    """Reads the texts: what takes time, before anything is locked."""
    everything = {change.pk for change in batch.changes}
    texts = batch.messages_of(everything, Change.Kind.FINISHED, Change.Kind.TEXT)
    used = batch.messages_of(everything, Change.Kind.USAGE)
    return Seen(
        documents=offload(indexing.made_of, texts),
        matches=flagging.matches(texts, late=used, one_by_one=batch.crashes > 0),
        are_titles_read=True,
    )


def save(batch: Batch, seen: Seen) -> int:
    with transaction.atomic():
        taken = take(batch.changes)
        of_conversations = {c.conversation_id for c in batch.changes if c.pk in taken}
        # Users first, as whoever erases one does: neither waits for the other in vain.
        figures.keep_owners(of_conversations)
        texts = batch.messages_of(taken, Change.Kind.FINISHED, Change.Kind.TEXT)
        indexing.save(seen.documents, texts)
        used = batch.messages_of(taken, Change.Kind.USAGE)
        figures.count(batch.messages_of(taken, Change.Kind.FINISHED), used=used)
        flagged = flagging.flag(seen.matches, [*texts, *used])
        # In the order in which a conversation's deletion takes them.
        reviews.refresh(of_conversations)
        if seen.are_titles_read:
            indexing.save_titles(batch.conversations_of(taken, Change.Kind.CONVERSATION))
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


class OutboxWorker(Periodic):
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
            if batch.is_hopeless:
                after = batch.changes[0].pk
                continue
            try:
                apply(batch)
            except Exception:
                connection.close()
                if len(batch.changes) == 1:
                    after = batch.changes[0].pk
                    logger.exception("change %d can't be taken account of", after)
                # One by one, until it is known which it is.
                size = 1

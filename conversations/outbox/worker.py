"""Processes the outbox: events that the database has written down (triggers do) are given to the
consumers that the apps have registered.

A thread does it within a second or so, so that nobody who chats waits for it. An event is processed
once, whatever dies meanwhile: what follows from it is saved in the transaction that deletes it.
"""

import logging
import time
from collections.abc import Sequence

from django.db import connection, transaction

from chatsite.jobs import attempts
from chatsite.jobs.failures import collect_failures
from chatsite.jobs.periodic import PeriodicThread
from chatsite.server import admission_queue
from conversations.attachments.queries import load_files
from conversations.models import Message
from conversations.outbox import consumers, crashed_events
from conversations.outbox.batches import Batch, TakenBatch
from conversations.outbox.consumers import Chore, Consumer
from conversations.outbox.models import Change
from conversations.services.replies.streams import replies

logger = logging.getLogger(__name__)

# Seconds; the last is for everybody else, while much is to be processed.
INTERVAL = 1.0
# With so many messages and replies under way, events wait a few seconds: nobody waits for what
# follows from them, and what is said in the meantime is then processed with them.
CROWD = 20
CROWDED_INTERVAL = 4.0
PAUSE = 0.02
# Seconds that a chore may take before events have their turn again.
CHORE = 0.5
# Few enough that nobody waits long for SQLite's write lock.
BATCH = 20


def process_outbox(size: int = BATCH) -> int:
    """Process all events that there are; return how many that were."""
    done = after = 0
    while batch := read_batch(size, after):
        if batch.is_dead_letter:
            after = batch.events[0].pk
        else:
            done += process_batch(batch)
    return done


def read_batch(size: int, after: int = 0) -> Batch | None:
    """Return the oldest events after this id; one at which the process died comes alone."""
    oldest = list(Change.objects.filter(pk__gt=after).order_by("id")[:size])
    if not oldest:
        return None
    crashes = crashed_events.count_event_crashes(oldest)
    events = crashed_events.choose_attempt(oldest, crashes)
    ids = [event.message_id for event in events if event.message_id]
    messages = Message.objects.filter(pk__in=ids).defer("html").select_related("conversation")
    by_id = {message.pk: message for message in messages}
    load_files(by_id.values(), with_text=True)
    return Batch(
        events,
        by_id,
        crashes=crashes.get(crashed_events.name_event(events[0]), 0),
    )


def process_batch(batch: Batch) -> int:
    """Process the events; return how many they were, as another process may have some."""
    items = list(map(crashed_events.name_event, batch.events))
    with attempts.record_attempt(crashed_events.NAME, items):
        batch_consumers = consumers.make_consumers(batch)
        if not batch.is_set_aside:
            for consumer in batch_consumers:
                consumer.read_texts()
        count = save_results(batch, batch_consumers)
    if batch.crashes:
        attempts.clear_crashes(crashed_events.NAME, items[0])
    return count


@transaction.atomic
def save_results(batch: Batch, batch_consumers: Sequence[Consumer]) -> int:
    taken = take_events(batch)
    for consumer in batch_consumers:
        consumer.lock_rows(taken)
    for consumer in batch_consumers:
        consumer.save_results(taken)
    for consumer in batch_consumers:
        consumer.finish_batch(taken)
    return len(taken.events)


def take_events(batch: Batch) -> TakenBatch:
    """Delete them, and return those that there still were: of two processes one gets each."""
    marks = ", ".join(["%s"] * len(batch.events))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM review_change WHERE id IN ({marks}) RETURNING id",  # noqa: S608
            [event.pk for event in batch.events],
        )
        ids = {pk for (pk,) in cursor.fetchall()}
    events = [event for event in batch.events if event.pk in ids]
    conversation_ids = {event.conversation_id for event in events}
    return TakenBatch(events, batch.messages, batch.crashes, conversation_ids)


def is_crowded() -> bool:
    """Whether many are waiting for this process: to be let in, or for words."""
    return admission_queue.count_queued() + replies.count_streams() >= CROWD


class OutboxWorker(PeriodicThread):
    """The thread that does so, for as long as a process serves."""

    def __init__(self) -> None:
        super().__init__("review", every=INTERVAL)
        self._chores = consumers.make_chores()
        # By time.monotonic().
        self._worked_at = 0.0

    def work(self) -> None:
        if is_crowded() and time.monotonic() - self._worked_at < CROWDED_INTERVAL:
            return
        self._worked_at = time.monotonic()
        self._process_events()
        with collect_failures() as failures:
            for chore in self._chores:
                with failures.pass_over("a chore of the outbox's thread"):
                    self._do_chore(chore)

    def _do_chore(self, chore: Chore) -> None:
        until = time.monotonic() + CHORE
        while time.monotonic() < until and chore():
            if self.stopped.wait(PAUSE):
                return

    def _process_events(self) -> None:
        """Process what there is. An event that fails waits for the next second; others don't wait
        for it.
        """
        size, after = BATCH, 0
        while not self.stopped.wait(PAUSE) and (batch := read_batch(size, after)):
            if batch.is_dead_letter:
                after = batch.events[0].pk
                continue
            try:
                process_batch(batch)
            except Exception:
                connection.close()
                if len(batch.events) == 1:
                    after = batch.events[0].pk
                    logger.exception("event %d can't be processed", after)
                # One by one, until it is known which it is.
                size = 1

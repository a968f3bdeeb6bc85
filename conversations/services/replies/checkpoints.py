"""Saves what has arrived of all live replies, in one transaction a tick; then has deleted text
leave the database's files.

One saver for all: on SQLite many writers at once would end in "database is locked".
"""

import logging
import time
from typing import ClassVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chatsite.databases.sqlite import secure_vacuum
from chatsite.jobs.failures import collect_failures
from chatsite.jobs.periodic import PeriodicThread
from chatsite.server.readiness import Finding
from conversations.models import Message
from conversations.services.replies import cancellation, recovery
from conversations.services.replies.channel import LiveReply, get_channel

logger = logging.getLogger(__name__)

# A process that hasn't saved for so many seconds, or so many intervals, isn't ready for more.
LATE_SECONDS = 30.0
LATE_INTERVALS = 5


class Checkpointer(PeriodicThread):
    """The thread that saves."""

    # The one that saves for this process, from its start until it is stopped.
    current: ClassVar["Checkpointer | None"] = None

    def __init__(self) -> None:
        super().__init__("checkpoints", every=settings.CHECKPOINT_INTERVAL, is_shared=False)
        # By the reply and not its key: one that is continued is another.
        self._saved: dict[LiveReply, int] = {}
        # By time.monotonic().
        self._saved_at = time.monotonic()

    def start(self) -> None:
        self._saved_at = time.monotonic()
        Checkpointer.current = self
        super().start()

    def stop(self) -> None:
        Checkpointer.current = None
        super().stop()

    @property
    def age(self) -> float:
        """Seconds since it last saved, or had nothing to save."""
        return time.monotonic() - self._saved_at

    def work(self) -> None:
        self.save()
        self._saved_at = time.monotonic()
        with collect_failures() as failures:
            for step in (
                recovery.interrupt_silent,
                cancellation.stop_replies_of_deactivated,
                secure_vacuum.scrub_if_due,
            ):
                with failures.pass_over(step.__name__):
                    step()

    def save(self) -> None:
        """Writes the text and a heartbeat of every live reply; the text only where it grew."""
        running = get_channel().list_replies()
        if not running:
            return
        sizes = {reply: reply.size for reply in running}
        unsaved = []
        now = timezone.now()
        with transaction.atomic():
            for reply in running:
                streaming = Message.objects.filter(pk=reply.pk, status=Message.Status.STREAMING)
                if sizes[reply] == self._saved.get(reply, 0):
                    saved = streaming.update(heartbeat_at=now)
                else:
                    words = {"text": reply.text, "reasoning": reply.reasoning}
                    saved = streaming.update(heartbeat_at=now, **words)
                if not saved:
                    unsaved.append(reply)
        self._saved = sizes
        cancel_ended(unsaved)


def cancel_ended(replies: list[LiveReply]) -> None:
    """Cancels those that another process has deleted or ended: nobody is to pay for more."""
    if not replies:
        return
    messages = Message.objects.filter(pk__in=[reply.pk for reply in replies])
    # One that is still to be claimed is pending.
    kept = set(messages.filter(status__in=Message.RUNNING).values_list("pk", flat=True))
    for reply in replies:
        # One whose call is over was ended by its own writer, which may still wait for its colours.
        if reply.pk not in kept and not (reply.is_written or reply.done):
            logger.warning("reply %s was ended by another process", reply.pk)
            reply.cancel(Message.Status.INTERRUPTED)


def check_age() -> Finding:
    """For `/readyz/`: how long ago replies were last saved, or had none to save."""
    if (checkpointer := Checkpointer.current) is None:
        return Finding()
    age = checkpointer.age
    late = max(LATE_SECONDS, LATE_INTERVALS * settings.CHECKPOINT_INTERVAL)
    problem = f"the last one was {age:.0f} seconds ago" if age > late else ""
    return Finding(problem, {"age_seconds": round(age, 1)})

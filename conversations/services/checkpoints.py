"""Saves what has arrived of all live replies, in one transaction a tick; then has deleted text
leave the database's files.

One saver for all: on SQLite many writers at once would end in "database is locked".
"""

import logging
import threading

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from chatsite.sqlite import scrub
from conversations.models import Message
from conversations.services import live, recovery

logger = logging.getLogger(__name__)


class Checkpointer:
    """The thread that saves; its connection stays open, which spares SQLite a checkpoint of its log
    at each close.
    """

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._saved: dict[int, int] = {}
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(settings.CHECKPOINT_INTERVAL):
            try:
                self.save()
                recovery.interrupt_silent()
                scrub.scrub_if_due()
            except Exception:
                # The database may come back; the replies are still in memory, and this is the only
                # thread that saves them.
                logger.exception("a checkpoint failed; trying again at the next")
                connection.close()
        connection.close()

    def save(self) -> None:
        """Writes the text and a heartbeat of every live reply; the text only where it grew."""
        replies = live.running()
        if not replies:
            return
        sizes = {reply.pk: reply.size for reply in replies}
        unsaved = []
        now = timezone.now()
        with transaction.atomic():
            for reply in replies:
                streaming = Message.objects.filter(pk=reply.pk, status=Message.Status.STREAMING)
                if sizes[reply.pk] == self._saved.get(reply.pk, 0):
                    saved = streaming.update(heartbeat_at=now)
                else:
                    saved = streaming.update(heartbeat_at=now, text=reply.text)
                if not saved:
                    unsaved.append(reply)
        self._saved = sizes
        stop_deleted(unsaved)


def stop_deleted(replies: list[live.LiveReply]) -> None:
    """Ends those whose message is gone: another process has deleted it, such as a command."""
    if not replies:
        return
    kept = set(Message.objects.filter(pk__in=[r.pk for r in replies]).values_list("pk", flat=True))
    for reply in replies:
        if reply.pk not in kept:
            reply.cancel(Message.Status.STOPPED)

"""Saves what has arrived of all live replies, in one transaction a tick; then has deleted text
leave the database's files.

One saver for all: on SQLite many writers at once would end in "database is locked".
"""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from chatsite.periodic import Periodic
from chatsite.sqlite import scrub
from conversations.models import Message
from conversations.services import live, recovery


class Checkpointer(Periodic):
    """The thread that saves."""

    def __init__(self) -> None:
        super().__init__("checkpoints", every=settings.CHECKPOINT_INTERVAL)
        self._saved: dict[int, int] = {}

    def work(self) -> None:
        self.save()
        recovery.interrupt_silent()
        scrub.scrub_if_due()

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

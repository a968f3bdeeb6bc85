"""Bytes that no row speaks of any more, and files that were never sent.

A row may go in many ways: with a message's conversation, an account, by retention, or because it
was never sent. What it leaves behind is noted in the same transaction, by a signal, and removed by
a thread, which looks under its owner's lock whether another row has the same bytes. If none has,
the note says that they are being removed, and nobody gives them to a row until that is done.
"""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
from chatsite.jobs.failures import collect_failures
from chatsite.jobs.periodic import PeriodicThread
from conversations.attachments import storage
from conversations.attachments.models import Attachment, RemovedContent

INTERVAL = 2.0  # s
STOP_TIMEOUT = 2.0  # s
# A file that is never sent goes after a day.
UNSENT_AGE = timedelta(days=1)
SWEEP_INTERVAL = 600.0  # s
BATCH = 100
# After that the process that began is taken for dead.
LONGEST_REMOVAL = timedelta(minutes=15)


def on_row_deleted(*, instance: Attachment, **_signal: Any) -> None:
    """Notes down what the row spoke of."""
    if instance.content_key:
        RemovedContent.objects.get_or_create(
            content_key=instance.content_key, defaults={"owner_id": instance.owner_id}
        )


def remove_contents() -> None:
    """Removes the bytes that are left behind, the oldest first."""
    with collect_failures() as failures:
        for removed in RemovedContent.objects.order_by("removed_at")[:BATCH]:
            with failures.pass_over(f"file {removed.content_key[:8]}"):
                remove_content(removed)


def remove_content(removed: RemovedContent) -> None:
    """Removes one, unless a row has it again. The lock isn't held meanwhile: a bucket may take its
    time, and others would wait for it.
    """
    if not begin_removal(removed):
        return
    try:
        storage.remove_content(removed.content_key)
    except BaseException:
        RemovedContent.objects.filter(pk=removed.pk).update(removal_began_at=None)
        raise
    removed.delete()


def begin_removal(removed: RemovedContent) -> bool:
    """Notes down that bytes are being removed; returns False where a row has them, or somebody else
    removes them.
    """
    note = RemovedContent.objects.filter(pk=removed.pk)
    now = timezone.now()
    recent = Q(removal_began_at__range=(now - LONGEST_REMOVAL, now + LONGEST_REMOVAL))
    with transaction.atomic():
        # Whoever keeps a file takes the same lock before they look. Who is gone keeps none.
        if removed.owner_id is not None:
            with suppress(User.DoesNotExist):
                lock_user(removed.owner_id)
        if Attachment.objects.filter(content_key=removed.content_key).exists():
            note.delete()
            return False
        return note.exclude(recent).update(removal_began_at=now) == 1


def remove_unsent(now: datetime | None = None) -> None:
    """Deletes files that were not sent for a day, and pieces of files that are none."""
    old = (now or timezone.now()) - UNSENT_AGE
    Attachment.objects.filter(message=None, created_at__lt=old).delete()
    # In this order: one that begins meanwhile is in neither.
    uploads = storage.list_uploads()
    kept = set(Attachment.objects.filter(message=None, content_key="").values_list("pk", flat=True))
    for upload in uploads:
        if upload not in kept:
            storage.remove_pieces(upload)


class FileRemover(PeriodicThread):
    """The thread that does both, for as long as a process serves."""

    def __init__(self) -> None:
        # A bucket may be silent; what is broken off is noted down, and done later.
        super().__init__("files", every=INTERVAL, stop_timeout=STOP_TIMEOUT)
        self._swept_at = -SWEEP_INTERVAL

    def work(self) -> None:
        remove_contents()
        if time.monotonic() - self._swept_at >= SWEEP_INTERVAL:
            self._swept_at = time.monotonic()
            remove_unsent()

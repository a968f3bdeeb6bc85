"""What a serving process does at its start and at its end."""

import logging
import time
from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.db import connection

from chatsite.accounts.services.housekeeping import Housekeeper
from chatsite.jobs import attempts
from conversations.models import Message
from conversations.services import highlighting, live, recovery
from conversations.services.checkpoints import Checkpointer

logger = logging.getLogger(__name__)

# Seconds that saving an interrupted reply may take.
SAVING = 5.0


class Worker(Protocol):
    """A thread that works for as long as the process serves."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


_kinds: list[Callable[[], Worker]] = [Checkpointer, Housekeeper]
_workers: list[Worker] = []


def register(kind: Callable[[], Worker]) -> None:
    """For apps that stand on this one; in their `ready()`."""
    _kinds.append(kind)


def start() -> None:
    attempts.start_recording()
    recovery.interrupt_orphans()
    connection.close()
    for kind in _kinds:
        worker = kind()
        worker.start()
        _workers.append(worker)


def stop() -> None:
    """Gives running replies time to finish, then saves what there is, marked as interrupted."""
    attempts.stop_recording()
    deadline = time.monotonic() + settings.SHUTDOWN_GRACE
    for reply in live.running():
        reply.wait_done(max(0, deadline - time.monotonic()))
    # Asked again: some may have begun meanwhile.
    rest = live.running()
    for reply in rest:
        logger.warning("reply %s is interrupted by the shutdown", reply.pk)
        reply.cancel(Message.Status.INTERRUPTED)
    for reply in rest:
        reply.wait_done(SAVING)
    while _workers:
        _workers.pop().stop()
    highlighting.stop()

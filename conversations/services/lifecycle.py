"""What a serving process does at its start and at its end."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, connection

from chatsite.accounts.services.housekeeping import Housekeeper
from chatsite.core.database_errors import is_unavailable
from chatsite.jobs import attempts
from conversations.models import Message
from conversations.services import endings, highlighting, live, recovery, saving
from conversations.services.checkpoints import Checkpointer

logger = logging.getLogger(__name__)

# Seconds that saving interrupted replies may take; and again, that files may take.
SAVING = 4.0


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
    endings.reserve_room()
    recover()
    for kind in _kinds:
        worker = kind()
        worker.start()
        _workers.append(worker)


def recover() -> None:
    """With the database away the process serves all the same, and does it once it is back."""
    try:
        recovery.recover()
    except DatabaseError as error:
        if not is_unavailable(error):
            raise
        logger.warning("what an earlier process left can't be taken up yet", exc_info=error)
        threading.Thread(target=recover_later, name="recovery", daemon=True).start()
    finally:
        connection.close()


def recover_later() -> None:
    try:
        saving.retry_until_shutdown(recovery.recover, "what an earlier process left")
    finally:
        connection.close()


def stop() -> None:
    """Gives running replies time to finish, then saves what there is, marked as interrupted.

    What the database doesn't take by then goes to files.
    """
    attempts.stop_recording()
    wait_written(live.running(), settings.SHUTDOWN_GRACE)
    # Asked again: some may have begun meanwhile.
    rest = [reply for reply in live.running() if not reply.unsaved]
    for reply in rest:
        logger.warning("reply %s is interrupted by the shutdown", reply.pk)
        reply.cancel(Message.Status.INTERRUPTED)
    wait_written(rest, SAVING)
    saving.begin_shutdown()
    deadline = time.monotonic() + SAVING
    for reply in live.running():
        reply.wait_done(max(0, deadline - time.monotonic()))
    while _workers:
        _workers.pop().stop()
    highlighting.stop_highlighter()
    saving.end_shutdown()


def wait_written(replies: list[live.LiveReply], seconds: float) -> None:
    """Waits for all of them together no longer than this."""
    deadline = time.monotonic() + seconds
    for reply in replies:
        reply.wait_written(max(0, deadline - time.monotonic()))

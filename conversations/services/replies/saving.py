"""Saving how a reply ended, for as long as that takes: what the model wrote is paid for.

A database that is locked, full or away is tried again until the process is told to end. Meanwhile
the reply stays live, so that readers keep every word, and its page says that it isn't saved yet. A
copy goes to a file (`endings`), which a kill in the meantime leaves behind; at the end of the
process whatever isn't saved by then is in such a file, and the next start takes it up.

What waits here is bounded: a user's unsaved replies count as running ones, of which each has
`MAX_RUNNING_REPLIES`, and no new one can begin without the database.
"""

import logging
import threading
from collections.abc import Callable
from itertools import chain, repeat

from django.db import DatabaseError, connection

from chatsite.core import lock_wait
from chatsite.core.database_errors import is_unavailable
from conversations.services.replies import endings, usage
from conversations.services.replies.channel import LiveReply
from conversations.services.replies.endings import Ending
from conversations.signals import saving_failed

logger = logging.getLogger(__name__)

# Seconds between two tries.
PAUSES = (0.5, 1, 2, 4)
LONGEST_PAUSE = 5
# Seconds that one try waits for a lock: then the reader is told.
LOCK_WAIT = 2.0

_shutdown = threading.Event()


def save_ending(reply: LiveReply, ending: Ending) -> bool:
    """Return True when the ending is saved; False where it is in a file because the process ends.

    Whatever else is wrong with it is raised, and it is in a file as well.
    """

    def attempt() -> None:
        usage.end_reply(
            ending.message, ending.owner, ending.values, ending.spent, writer=ending.writer
        )

    def wait() -> None:
        if not reply.unsaved:
            endings.write_ending(ending)
        reply.mark_unsaved()

    try:
        is_saved = retry_until_shutdown(attempt, f"reply {ending.message}", wait)
    except DatabaseError:
        endings.write_ending(ending)
        raise
    if is_saved:
        endings.discard_ending(ending)
    elif not endings.write_ending(ending, at_any_cost=True):
        logger.error("reply %s is lost: neither the database nor a file took it", ending.message)
    return is_saved


def retry_until_shutdown(
    attempt: Callable[[], object], what: str, wait: Callable[[], object] = lambda: None
) -> bool:
    """Call `attempt` until the database takes it; False when the process ends before.

    `wait` is called before each pause. Only outages are tried again.
    """
    for pause in chain(PAUSES, repeat(LONGEST_PAUSE)):
        is_last = _shutdown.is_set()
        try:
            with lock_wait.at_most(LOCK_WAIT):
                attempt()
        except DatabaseError as error:
            connection.close()
            if not is_unavailable(error):
                raise
            logger.warning("%s can't be saved yet", what, exc_info=error)
            saving_failed.send_robust(None)
        else:
            return True
        if is_last:
            break
        wait()
        _shutdown.wait(pause)
    return False


def begin_shutdown() -> None:
    """Have everything that waits here tried once more, and then put into files."""
    _shutdown.set()


def end_shutdown() -> None:
    _shutdown.clear()

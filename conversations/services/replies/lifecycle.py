"""The replies of a serving process, from its start to its end."""

import logging
import threading
import time

from django.conf import settings
from django.db import DatabaseError, connection

from chatsite.core.database_errors import is_unavailable
from conversations.models import Message
from conversations.services.replies import endings, highlighting, recovery, saving, streams
from conversations.services.replies.channel import LiveReply, get_channel
from conversations.services.replies.checkpoints import Checkpointer

logger = logging.getLogger(__name__)

# Seconds between checkpoints once the process is told to stop: whoever told it may not wait for all
# of the grace, but kill it (`docker stop` after ten seconds).
LAST_CHECKPOINTS = 0.5
# Seconds that saving interrupted replies may take; and again, that files may take.
SAVING = 4.0


class ReplyService:
    """The service that `chatsite.server.lifecycle` starts and ends."""

    def start(self) -> None:
        endings.reserve_room()
        recover_or_defer()

    def finish(self) -> None:
        """Give running replies time to finish, then save what there is, marked as interrupted.

        What the database doesn't take by then goes to files.
        """
        grace_ends = time.monotonic() + settings.SHUTDOWN_GRACE
        if Checkpointer.current:
            Checkpointer.current.hasten(LAST_CHECKPOINTS)
        # Asked again: some may have begun meanwhile, and they get what is left of the time.
        while (rest := list_unwritten()) and (left := grace_ends - time.monotonic()) > 0:
            wait_written(rest, left)
        for reply in rest:
            logger.warning("reply %s is interrupted by the shutdown", reply.pk)
            reply.cancel(Message.Status.INTERRUPTED)
        wait_written(rest, SAVING)
        saving.begin_shutdown()
        deadline = time.monotonic() + SAVING
        for reply in get_channel().list_replies():
            reply.wait_done(max(0, deadline - time.monotonic()))
        # They end with nothing else, and the server waits for each that is open.
        streams.feeds.close()

    def close(self) -> None:
        highlighting.stop_highlighter()
        saving.end_shutdown()
        streams.feeds.reopen()


def list_unwritten() -> list[LiveReply]:
    return [reply for reply in get_channel().list_replies() if not reply.unsaved]


def recover_or_defer() -> None:
    """Take up what an earlier process left.

    With the database away the process serves all the same, and does it once it is back.
    """
    try:
        recovery.recover_replies()
    except DatabaseError as error:
        if not is_unavailable(error):
            raise
        logger.warning("what an earlier process left can't be taken up yet", exc_info=error)
        threading.Thread(target=recover_until_shutdown, name="recovery", daemon=True).start()
    finally:
        connection.close()


def recover_until_shutdown() -> None:
    try:
        saving.retry_until_shutdown(recovery.recover_replies, "what an earlier process left")
    finally:
        connection.close()


def wait_written(replies: list[LiveReply], seconds: float) -> None:
    """Wait for all of them together no longer than this."""
    deadline = time.monotonic() + seconds
    for reply in replies:
        reply.wait_written(max(0, deadline - time.monotonic()))

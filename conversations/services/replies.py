"""Stopping a reply, from any tab."""

from conversations.models import Message
from conversations.services import live, recovery

# Closing the call to the model and saving take a few milliseconds; a stuck one is not waited for.
PATIENCE = 2.0


def stop(*, reply: Message) -> None:
    """Ends a running reply at once and keeps its text. Returns when it is saved, or soon."""
    if running := live.get(reply.pk):
        running.cancel(Message.Status.STOPPED)
        running.wait_done(PATIENCE)
        return
    # Nobody writes it any more: a reply whose process is gone can be stopped too.
    recovery.end_abandoned(reply, Message.Status.STOPPED)

"""Stopping replies, from any tab: those of a conversation, or all of a user."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction

from chatsite.accounts.models import User
from conversations.models import Message
from conversations.services.replies import recovery
from conversations.services.replies.channel import get_channel

# Closing the call to the model and saving take a few milliseconds; a stuck one is not waited for.
TIMEOUT = 2.0


def stop_replies(replies: Sequence[Message]) -> None:
    """Ends running replies at once and keeps their text. Returns when they are saved, or soon."""
    # All calls are ended before any is waited for.
    for reply in replies:
        get_channel().cancel_reply(reply.pk, Message.Status.STOPPED)
    for reply in replies:
        stop_reply(reply=reply)


def stop_reply(*, reply: Message) -> None:
    """Ends a running reply at once and keeps its text. Returns when it is saved, or soon."""
    if running := get_channel().cancel_reply(reply.pk, Message.Status.STOPPED):
        is_own = running in get_channel().list_replies()
        if running.wait_done(TIMEOUT) or is_own:
            return
    # Nobody writes it any more, or in a process that doesn't answer: a reply whose process is gone
    # can be stopped too. If it does go on, its writer notices at its next checkpoint.
    recovery.end_abandoned_reply(reply, Message.Status.STOPPED)


def stop_replies_of(owner_id: int) -> None:
    """Ends the calls of all running replies of a user at once; what had arrived is kept."""
    get_channel().cancel_replies_of(owner_id, Message.Status.STOPPED)


def on_access_ended(*, user: User, **_signal: Any) -> None:
    """Whoever was signed out everywhere, or deactivated, has nothing written or paid for either.

    The end of a single session, be it the last, ends nothing: a reply is not its browser's.
    """
    transaction.on_commit(partial(stop_replies_of, user.pk))


def stop_replies_of_deactivated() -> None:
    """Now and then: the replies of accounts that were deactivated in another way or process."""
    owners = {
        reply.owner_id for reply in get_channel().list_replies() if reply.owner_id is not None
    }
    if not owners:
        return
    deactivated = User.objects.filter(pk__in=owners, is_active=False)
    for owner_id in deactivated.values_list("pk", flat=True):
        stop_replies_of(owner_id)

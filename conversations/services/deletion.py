"""Deleting a conversation, or a message and all that follows it, so that it can be undone: hidden
at once, deleted for good seconds later.

When it was hidden is in its row, so a process that starts goes on where the last one ended. Nothing
is said of undoing once the time is over; a click that is on its way by then still counts.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user, retry_on_conflict
from chatsite.jobs import attempts
from chatsite.jobs.failures import collect_failures
from chatsite.jobs.periodic import PeriodicThread
from chatsite.jobs.registry import Job
from conversations import queries
from conversations.models import Conversation, Message
from conversations.services.change_feed import publish_change
from conversations.services.conversations import delete_conversation
from conversations.services.model_titles import cancel_title
from conversations.services.replies import cancellation
from conversations.services.replies.channel import get_channel
from conversations.services.subtrees import put_back_subtree, take_out_subtree

# For so long it can be undone; the page offers it for ten of these seconds (base.css).
UNDO_TIME = timedelta(seconds=15)
# Hosts whose clocks are less than this apart leave each other's deletions their time.
CLOCK_SLACK = timedelta(minutes=1)
INTERVAL = 2.0  # s
BATCH = 100
ITEM = "conversation "
JOB = Job("deletion", _("It is hidden, but not deleted for good."))


@retry_on_conflict
def mark_deleted(*, conversation: Conversation) -> None:
    """Hides it from everybody, and stops a reply that is being written."""
    with transaction.atomic():
        # Sending a message takes the same lock.
        if conversation.owner_id is not None:
            lock_user(conversation.owner_id)
        kept = Conversation.objects.filter(pk=conversation.pk, deleted_at=None)
        kept.update(deleted_at=timezone.now())
        publish_change(conversation.owner_id)
        running = list(conversation.messages.filter(status__in=Message.RUNNING))
    for message in running:
        get_channel().cancel_reply(message.pk, Message.Status.STOPPED)
    cancel_title(conversation.pk)


@retry_on_conflict
def delete_from_message(
    *, owner: User, conversation_id: uuid.UUID, message_id: int
) -> Conversation:
    """Hides a message and all that follows it, in every branch, and stops a reply that is being
    written there. Returns what is to be restored to undo it: the conversation itself where nothing
    of it would be left. Raises Http404.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        message = queries.get_message(owner, conversation_id, message_id)
        conversation = message.conversation
        others = conversation.messages.filter(parent=None).exclude(pk=message.pk)
        if message.parent_id is None and not others.exists():
            mark_deleted(conversation=conversation)
            return conversation
        part = take_out_subtree(message)
        running = list(part.messages.filter(status__in=Message.RUNNING))
    for reply in running:
        get_channel().cancel_reply(reply.pk, Message.Status.STOPPED)
    return part


def restore_conversation(*, owner: User, conversation_id: uuid.UUID) -> Conversation | None:
    """Undoes a deletion, as often as it is asked for; messages are put back into the conversation
    that they were deleted from. Returns None for what isn't there.
    """
    deleted = Conversation.objects.filter(pk=conversation_id, owner=owner)
    stop_running(deleted.filter(deleted_at__isnull=False))
    with transaction.atomic():
        lock_user(owner.pk)
        part = deleted.filter(deleted_at__isnull=False, deleted_from__isnull=False).first()
        publish_change(owner.pk)
        if part:
            return put_back_subtree(part)
        deleted.filter(deleted_at__isnull=False).update(deleted_at=None)
        return queries.find_conversation(owner, conversation_id)


def stop_running(deleted: QuerySet[Conversation]) -> None:
    """Waits for the end of a reply that is being stopped: another may run by now."""
    for reply in Message.objects.filter(conversation__in=deleted, status__in=Message.RUNNING):
        cancellation.stop_reply(reply=reply)


def delete_marked(now: datetime | None = None) -> int:
    """Deletes for good what can't be undone any more, the oldest first; returns how many were
    tried. May be called by several at once. Raises JobIncompleteError where some failed.
    """
    now = now or timezone.now()
    count = 0
    with collect_failures() as failures:
        for conversation in walk_due(now):
            item = name_item(conversation.pk)
            with failures.pass_over(item), attempts.attempt_alone(JOB.name, item) as is_tried:
                if is_tried:
                    count += 1
                    delete_if_due(conversation, now)
    return count


def name_item(conversation_id: uuid.UUID) -> str:
    return f"{ITEM}{conversation_id}"


def list_set_aside() -> list[uuid.UUID]:
    return [uuid.UUID(item.removeprefix(ITEM)) for item in attempts.list_items_set_aside(JOB.name)]


def walk_due(now: datetime) -> Iterator[Conversation]:
    """Yields those that are due, some of which may stay so: each is yielded once."""
    due = list_due(now).exclude(pk__in=list_set_aside()).order_by("deleted_at", "pk")
    due = due.only("pk", "owner", "deleted_at")
    found = list(due[:BATCH])
    while found:
        yield from found
        last = found[-1]
        later = Q(deleted_at__gt=last.deleted_at) | Q(deleted_at=last.deleted_at, pk__gt=last.pk)
        found = list(due.filter(later)[:BATCH])


def list_due(now: datetime) -> QuerySet[Conversation]:
    marked = Conversation.objects.filter(deleted_at__isnull=False, owner__isnull=False)
    # What the clock of some host has dated ahead was deleted long ago, or is soon.
    return marked.exclude(deleted_at__range=(now - UNDO_TIME, now + CLOCK_SLACK))


@retry_on_conflict
def delete_if_due(conversation: Conversation, now: datetime) -> None:
    """Under the lock that undoing takes."""
    with transaction.atomic():
        owner = conversation.owner_id
        try:
            if owner is not None:
                lock_user(owner)
        except User.DoesNotExist:
            return
        if list_due(now).filter(pk=conversation.pk).exists():
            delete_conversation(conversation=conversation)


class Deleter(PeriodicThread):
    """The thread that deletes for good, for as long as a process serves."""

    def __init__(self) -> None:
        super().__init__("deletion", every=INTERVAL)

    def work(self) -> None:
        delete_marked()

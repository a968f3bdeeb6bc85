"""Replies whose process died: they keep the text that was saved, and say that they were
interrupted.

Where one process serves, at its start every reply is of a dead one. Of several each says that it
lives (`chatsite/jobs/processes.py`), and who does is left alone.
"""

import logging

from django.db.models import Q, QuerySet
from django.utils import timezone

from chatsite.jobs import attempts, processes
from chatsite.jobs.failures import collect_failures
from conversations.model_catalog.catalog import get_prices
from conversations.models import Message
from conversations.services.replies import endings, prompts, usage
from conversations.services.replies.channel import BOOT_ID, get_channel

logger = logging.getLogger(__name__)


# A writer saves a heartbeat every two seconds; one that missed so many is gone.
SILENCE = processes.SILENCE


def recover_replies() -> None:
    """At the start of a process: saves or interrupts what dead ones left."""
    attempts.start_recording()
    endings.take_up_endings()
    interrupt_orphans()


def interrupt_orphans() -> int:
    """Interrupt what runs and was begun by no process that lives."""
    if processes.are_several():
        return interrupt_silent()
    begun = [reply.pk for reply in get_channel().list_replies()]
    return interrupt_replies(Message.objects.exclude(writer=BOOT_ID).exclude(pk__in=begun))


def interrupt_silent() -> int:
    """Now and then: interrupt replies whose writer has not been heard of for 30 seconds, wherever
    it was. Where another process lives, that counts, and not the clock of its host.
    """
    now = timezone.now()
    since = now - SILENCE
    # Dated ahead by a clock that was wrong: who writes says so again, and who doesn't is silent
    # from now on.
    ahead = Q(heartbeat_at__gt=now + SILENCE) | Q(heartbeat_at=None, created_at__gt=now + SILENCE)
    dated_ahead = Message.objects.filter(ahead, status__in=Message.RUNNING)
    if processes.are_several():
        dated_ahead = dated_ahead.filter(writer__in=("", BOOT_ID))
    if dated_ahead.exists():
        dated_ahead.update(heartbeat_at=now)
    silent = Q(heartbeat_at__lt=since) | Q(heartbeat_at=None, created_at__lt=since)
    if processes.are_several():
        living = processes.list_living_names()
        is_orphan = Q(status=Message.Status.STREAMING) & ~Q(writer__in=living)
        silent = is_orphan | silent & Q(writer__in=("", BOOT_ID))
    alive = [reply.pk for reply in get_channel().list_replies()]
    return interrupt_replies(Message.objects.filter(silent).exclude(pk__in=alive))


def interrupt_replies(messages: QuerySet[Message]) -> int:
    """Marks those of `messages` that run, and returns how many they were."""
    running = messages.filter(status__in=Message.RUNNING).select_related("conversation")
    # Asked first, so that nothing is written, and nobody waits for a lock, when there are none.
    abandoned = list(running)
    if abandoned:
        logger.warning(
            "%d replies were interrupted by the end of the process that wrote them", len(abandoned)
        )
    with collect_failures() as failures:
        for reply in abandoned:
            with failures.pass_over(f"reply {reply.pk}"):
                end_abandoned_reply(reply, Message.Status.INTERRUPTED)
    return len(abandoned)


def end_abandoned_reply(reply: Message, status: Message.Status) -> None:
    """Ends a reply that nobody writes any more; what it took is estimated from what was saved."""
    spent = None
    words = (
        reply.text[reply.base_length or 0 :] + reply.reasoning[reply.base_reasoning_length or 0 :]
    )
    if words:
        sent = prompts.replay_branch_above(reply).messages
        prices = get_prices(reply.requested_model or reply.model)
        spent = usage.estimate_usage(sent, words, prices)
    values = {"status": status, "finished_at": timezone.now()}
    usage.end_reply(reply.pk, reply.conversation.owner_id, values, spent)

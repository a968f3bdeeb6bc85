"""Events at which the process died: their names, and how one is processed all the same.

After the second crash an event is processed without what reads its text: it is counted, and
the queue lists its conversation. A third is not tried.
"""

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from chatsite.jobs import attempts
from chatsite.jobs.registry import Job
from conversations.models import Message
from conversations.outbox.models import Change

NAME = "review"
MESSAGE, USAGE, CONVERSATION = "message", "usage of message", "conversation"


def name_event(event: Change) -> str:
    if event.kind == Change.Kind.CONVERSATION:
        return f"{CONVERSATION} {event.conversation_id}"
    return f"{USAGE if event.kind == Change.Kind.USAGE else MESSAGE} {event.message_id}"


def count_event_crashes(events: Sequence[Change]) -> dict[str, int]:
    return attempts.count_crashes(NAME, {name_event(event) for event in events})


def choose_attempt(events: Sequence[Change], crashes: dict[str, int]) -> list[Change]:
    """Choose the first of them, and those after it unless one has crashed: those go alone."""
    for count, event in enumerate(events):
        if crashes.get(name_event(event)):
            return list(events[: max(count, 1)])
    return list(events)


def requeue_item(item: str) -> None:
    """Make what was left out an event once more. What is gone by now is none."""
    kind, _space, key = item.rpartition(" ")
    if kind == CONVERSATION:
        conversation = uuid.UUID(key)
        Change.objects.create(kind=Change.Kind.CONVERSATION, conversation_id=conversation)
    elif message := Message.objects.filter(pk=int(key)).only("conversation").first():
        Change.objects.create(
            kind=Change.Kind.TEXT, conversation_id=message.conversation_id, message_id=message.pk
        )


def list_messages_set_aside() -> list[int]:
    """Return the ids of those whose text is not to be looked at."""
    begin = f"{MESSAGE} "
    aside = attempts.list_items_set_aside(NAME)
    return [int(item.removeprefix(begin)) for item in aside if item.startswith(begin)]


JOB = Job(NAME, _("It is not found by search, and rules don’t look at it."), requeue_item)

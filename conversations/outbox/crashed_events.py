"""Changes at which the process died: their names, and how one is taken account of all the same.

After the second crash a change is taken account of without what reads its text: it is counted, and
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


def item_of(change: Change) -> str:
    if change.kind == Change.Kind.CONVERSATION:
        return f"{CONVERSATION} {change.conversation_id}"
    return f"{USAGE if change.kind == Change.Kind.USAGE else MESSAGE} {change.message_id}"


def crashes_of(changes: Sequence[Change]) -> dict[str, int]:
    return attempts.crashes_of(NAME, {item_of(change) for change in changes})


def attempted_together(changes: Sequence[Change], crashes: dict[str, int]) -> list[Change]:
    """The first of them, and those after it unless one has crashed: those go alone."""
    for count, change in enumerate(changes):
        if crashes.get(item_of(change)):
            return list(changes[: max(count, 1)])
    return list(changes)


def ask_again(item: str) -> None:
    """What was left out is a change once more. What is gone by now is none."""
    kind, _space, key = item.rpartition(" ")
    if kind == CONVERSATION:
        conversation = uuid.UUID(key)
        Change.objects.create(kind=Change.Kind.CONVERSATION, conversation_id=conversation)
    elif message := Message.objects.filter(pk=int(key)).only("conversation").first():
        Change.objects.create(
            kind=Change.Kind.TEXT, conversation_id=message.conversation_id, message_id=message.pk
        )


def messages_set_aside() -> list[int]:
    """Ids of those whose text is not to be looked at."""
    begin = f"{MESSAGE} "
    aside = attempts.items_set_aside(NAME)
    return [int(item.removeprefix(begin)) for item in aside if item.startswith(begin)]


JOB = Job(NAME, _("It is not found by search, and rules don’t look at it."), ask_again)

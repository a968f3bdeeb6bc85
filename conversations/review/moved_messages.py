"""What review knows of messages goes with them when they are moved to another conversation: those
that their owner has deleted, or taken back.
"""

from typing import Any

from conversations.models import Conversation
from conversations.outbox.models import Change
from conversations.review.models import Flag, Note


def on_messages_moved(*, source: Conversation, target: Conversation, **_signal: Any) -> None:
    for found in (Flag.all_objects.all(), Note.objects.all()):
        found.filter(conversation=source, message__conversation=target).update(conversation=target)
    # Their rows in the queue are counted anew.
    Change.objects.bulk_create(
        Change(kind=Change.Kind.CONVERSATION, conversation_id=conversation.pk)
        for conversation in (source, target)
    )

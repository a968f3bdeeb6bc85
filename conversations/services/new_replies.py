"""Beginning a reply: its row, and its writer, once that is committed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from chatsite.core.prepared import PreparedInsert
from conversations.comparisons.services import SECOND
from conversations.comparisons.variants import Variant
from conversations.model_catalog.catalog import find_model
from conversations.models import Conversation, Message
from conversations.parameters import effective
from conversations.services import versions
from conversations.services.replies import worker
from conversations.services.replies.channel import BOOT_ID

NEW_MESSAGE = PreparedInsert(Message)


def add_reply(
    conversation: Conversation,
    parent_id: int | None,
    *,
    instruction: str = "",
    parameters: Mapping[str, Any] | None = None,
    idempotency_key: str | None = None,
    model: str = "",
    slot: int | None = None,
) -> Message:
    """A reply at the end of a branch, which is then the shown one, unless it stands beside another
    in a slot; handed to generation once it is committed, and claimed already: by this process,
    which would do so next.

    It keeps what it is made with: the conversation's model, or this one, and its parameters, or
    these in their place, over its assistant's.
    """
    model = model or conversation.model
    own, of_assistant = conversation.parameters, conversation.assistant_parameters
    layers = effective.layer_reply(own, own if parameters is None else parameters, of_assistant)
    now = timezone.now()
    reply = NEW_MESSAGE.insert(
        Message(
            conversation=conversation,
            parent_id=parent_id,
            role=Message.Role.ASSISTANT,
            status=Message.Status.STREAMING,
            writer=BOOT_ID,
            created_at=now,
            started_at=now,
            heartbeat_at=now,
            model=model,
            requested_model=model,
            slot=slot,
            instruction=instruction,
            parameters=effective.freeze(
                effective.resolve(layers, longest_reply=find_model(model).longest_reply)
            ),
            idempotency_key=idempotency_key,
        )
    )
    if slot is None:
        versions.show_branch(conversation, reply.pk, is_activity=True)
    transaction.on_commit(lambda: worker.start_writer(reply))
    return reply


def add_second_reply(conversation: Conversation, message: Message, variant: Variant) -> None:
    """Another reply to a message, to be compared with the one that it has."""
    add_reply(
        conversation,
        message.pk,
        parameters=variant.parameters,
        model=variant.model,
        slot=SECOND,
    )
    conversation.compared = message.pk
    conversation.save(update_fields=["compared"])

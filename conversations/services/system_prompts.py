"""Changing what the model is told in a conversation: it holds from the next reply on."""

import uuid
from dataclasses import replace

from django.db import transaction
from django.db.models import Max

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
from conversations import queries
from conversations.instructions import composing
from conversations.instructions.parts import PromptParts
from conversations.models import Conversation


def change_system_prompt(conversation: Conversation, parts: PromptParts) -> None:
    with transaction.atomic():
        if conversation.owner_id is not None:
            lock_user(conversation.owner_id)
        conversation.system_prompt = parts.compose()
        conversation.prompt_parts = parts.to_stored()
        restart_counting(conversation)
        # Nothing, should it have been deleted meanwhile.
        Conversation.objects.filter(pk=conversation.pk).update(
            system_prompt=conversation.system_prompt,
            prompt_parts=conversation.prompt_parts,
            counted_from=conversation.counted_from,
        )


def use_own_instructions(
    *, owner: User, conversation_id: uuid.UUID, is_used: bool, is_renewed: bool = False
) -> bool:
    """Has the model told its owner's instructions in it, or not any more; `is_renewed`: as they are
    now. Returns whether that changes anything. What is to be there and is, stays as it was; of
    somebody who has none by now, nothing can be added. Raises Http404.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        conversation = queries.get_conversation(owner, conversation_id)
        parts = PromptParts.from_stored(conversation.prompt_parts, conversation.system_prompt)
        own = parts.own if is_used else ""
        if is_renewed or (is_used and not own):
            own = composing.compose_own(composing.read_own(owner), True) or own
        if own == parts.own:
            return False
        change_system_prompt(conversation, replace(composing.hold_preamble(parts, owner), own=own))
    return True


def restart_counting(conversation: Conversation) -> None:
    """What was counted so far says nothing of what is sent from now on; to be saved by the caller,
    who has locked the owner, so that no reply begins meanwhile.
    """
    newest = conversation.messages.aggregate(id=Max("id"))["id"]
    conversation.counted_from = None if newest is None else newest + 1


def hold_preamble(conversation: Conversation, owner: User) -> None:
    """Before a reply is begun, whose owner is locked: what administrators tell the model is that of
    today, also where the conversation is older.
    """
    parts = PromptParts.from_stored(conversation.prompt_parts, conversation.system_prompt)
    held = composing.hold_preamble(parts, owner)
    if held is not parts:
        change_system_prompt(conversation, held)

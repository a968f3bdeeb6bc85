"""Changing what the model is told in a conversation: it holds from the next reply on."""

from django.db import transaction
from django.db.models import Max

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
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

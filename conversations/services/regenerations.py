"""A reply that is had again: a new one beside it, to the same message."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
from conversations import content, queries
from conversations.model_catalog.catalog import choose_model, find_model
from conversations.models import Message
from conversations.services import system_prompts
from conversations.services.model_choices import refuse_small_model, settle_model
from conversations.services.new_replies import add_reply
from conversations.services.turn_checks import check_budget_with_hint, refuse_when_busy


@dataclass(frozen=True)
class Regenerated:
    """`model_note`: what its user is told of the model, that another had to answer."""

    reply: Message
    model_note: str = ""


def regenerate_reply(
    *,
    owner: User,
    conversation_id: uuid.UUID,
    message_id: int,
    token: str = "",
    instruction: str = "",
    parameters: Mapping[str, Any] | None = None,
    model: str = "",
) -> Regenerated:
    """Has a reply written again, however it ended: a new one beside it, to the same message; with
    these parameters and no others, if there are any, and by this model, if one is named, which is
    this once.

    The same form sent twice makes one. Raises Http404, ModelUnavailableError, TurnRefusedError,
    BudgetExceededError.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        reply = queries.get_message(owner, conversation_id, message_id)
        if reply.is_user or instruction not in ("", *Message.Instruction.values):
            raise Http404
        conversation = reply.conversation
        asked = instruction if parameters is None else json.dumps(parameters, sort_keys=True)
        asked += f"\0{model}" if model else ""
        key = content.make_idempotency_key(f"regenerate {reply.pk} {token}", asked)
        if made := conversation.messages.filter(idempotency_key=key).first():
            return Regenerated(made)
        note = ""
        if model:
            choose_model(owner, model)
        else:
            note = settle_model(owner=owner, conversation=conversation)
        system_prompts.hold_preamble(conversation, owner)
        refuse_small_model(reply, find_model(model or conversation.model))
        refuse_when_busy(conversation)
        check_budget_with_hint(owner)
        again = add_reply(
            conversation,
            reply.parent_id,
            instruction=instruction,
            parameters=parameters,
            idempotency_key=key,
            model=model,
        )
        return Regenerated(again, note)

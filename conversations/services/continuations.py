"""Continuing a reply that ended before its end: its text grows on from where it stopped.

The reply stays one message. It runs again, with what there is as its beginning; what the model is
asked, and what that takes, comes on top. Whatever happens then, nothing of what was there is lost.
"""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Length
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
from conversations import queries
from conversations.model_catalog.catalog import find_model, find_usable
from conversations.models import Message
from conversations.parameters import effective
from conversations.services import system_prompts, turn_checks, versions
from conversations.services.model_choices import settle_model
from conversations.services.replies import worker
from conversations.services.turn_checks import TurnRefusedError
from conversations.status_messages import find_status_message


def continue_reply(
    *, owner: User, conversation_id: uuid.UUID, message_id: int, token: str = ""
) -> Message:
    """Has a reply written on that was cut by its length, stopped, failed or interrupted, if it is
    the last of the shown branch.

    `token` says how the reply stood where it was asked for (`Message.ended_token`): one that has
    been continued since is returned as it is, so that the same form sent twice asks once. Raises
    Http404, TurnRefusedError, BudgetExceededError.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        reply = queries.get_message(owner, conversation_id, message_id)
        if reply.is_user:
            raise Http404
        if reply.is_running or token not in ("", reply.ended_token):
            return reply
        refuse_when_whole(reply)
        settle_reply_model(owner, reply)
        turn_checks.refuse_when_busy(reply.conversation)
        turn_checks.check_budget_with_hint(owner)
        system_prompts.hold_preamble(reply.conversation, owner)
        begin_again(reply)
        versions.show_branch(reply.conversation, reply.pk, is_activity=True)
        reply = queries.get_message(owner, conversation_id, message_id)
        transaction.on_commit(lambda: worker.start_writer(reply))
        return reply


def refuse_when_whole(reply: Message) -> None:
    said = find_status_message(reply)
    if not said or not said.can_continue or reply.is_edited:
        raise TurnRefusedError(_("This reply can’t be continued. Ask for more in a message."))
    if reply.conversation.leaf_id != reply.pk:
        raise TurnRefusedError(
            _("Only the last reply can be continued, and this one isn’t any more.")
        )


def settle_reply_model(owner: User, reply: Message) -> None:
    """What one model began no other continues. A reply that doesn't say which began it has that of
    its conversation.
    """
    if reply.requested_model is None:
        settle_model(owner=owner, conversation=reply.conversation)
    elif not find_usable(owner, reply.requested_model):
        raise TurnRefusedError(
            _(
                "“%(model)s”, which began this reply, is not available to you any more. Try again "
                "to have a reply of another model, or ask for more in a message."
            )
            % {"model": find_model(reply.requested_model).label}
        )


def begin_again(reply: Message) -> None:
    """Makes it a pending reply that keeps its words. The lengths are those of the database: what
    follows is counted from there.
    """
    Message.objects.filter(pk=reply.pk).update(
        status=Message.Status.PENDING,
        base_length=Length("text"),
        base_reasoning_length=Length("reasoning"),
        base_prompt_tokens=F("prompt_tokens"),
        # The name that the service reported last is not one that it has to know.
        model=reply.requested_model or reply.conversation.model,
        parameters=choose_parameters(reply),
        writer="",
        html_version=0,
        error_code="",
        retry_after=None,
        finish_reason="",
        finished_at=None,
        heartbeat_at=timezone.now(),
    )


def choose_parameters(reply: Message) -> dict[str, Any] | None:
    """Those that it was made with, as far as they are still allowed."""
    kept, conversation = reply.parameters, reply.conversation
    layers = (
        effective.thaw(kept)
        if kept
        else effective.layer_conversation(
            conversation.parameters, conversation.assistant_parameters
        )
    )
    model = find_model(reply.requested_model or conversation.model)
    return effective.freeze(effective.resolve(layers, longest_reply=model.longest_reply))

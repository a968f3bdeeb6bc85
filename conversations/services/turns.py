"""A turn: the user's message and the pending reply under it, made in one transaction."""

import uuid
from dataclasses import dataclass, field

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chatsite.accounts.budgets import services as budgets
from chatsite.accounts.budgets.status import BudgetStatus
from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from chatsite.core.locks import lock_user
from conversations import content, queries
from conversations.models import Conversation, Message
from conversations.services import titles
from conversations.services.replies import worker
from conversations.status_messages import find_status_message


class TurnRefusedError(UserFacingError):
    """The message can't be sent now."""


@dataclass(frozen=True)
class Turn:
    message: Message
    reply: Message
    # Of its user when it was sent; unknown of a turn that was there already.
    budget_status: BudgetStatus | None = field(default=None, compare=False)

    @property
    def budget_hint(self) -> str | None:
        return self.budget_status.budget_hint if self.budget_status else None


def start_conversation(*, owner: User, text: str, token: str) -> Turn:
    """Makes a conversation with its first turn.

    The same form sent twice makes one: its id follows from the form.
    """
    text = content.clean_message(
        text, system_prompt=settings.SYSTEM_PROMPT, budget=settings.CONTEXT_BUDGET
    )
    idempotency_key = content.make_idempotency_key(token, text)
    conversation_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{owner.pk}:{idempotency_key}")
    with transaction.atomic():
        lock_user(owner.pk)
        conversation, created = Conversation.objects.get_or_create(
            pk=conversation_id,
            defaults={
                "owner": owner,
                "title": titles.make_title(text),
                "system_prompt": settings.SYSTEM_PROMPT,
                "model": settings.CHAT_MODEL,
            },
        )
        if created:
            return add_turn(owner, conversation, text, idempotency_key)
        return get_earlier_turn(conversation, idempotency_key)


def create_turn(*, owner: User, conversation_id: uuid.UUID, text: str, token: str) -> Turn:
    """Adds a turn to the end of the conversation's branch. The same form sent twice adds one."""
    with transaction.atomic():
        lock_user(owner.pk)
        conversation = queries.get_conversation(owner, conversation_id)
        text = content.clean_message(
            text, system_prompt=conversation.system_prompt, budget=settings.CONTEXT_BUDGET
        )
        idempotency_key = content.make_idempotency_key(token, text)
        try:
            with transaction.atomic():
                return add_turn(owner, conversation, text, idempotency_key)
        except IntegrityError:
            return get_earlier_turn(conversation, idempotency_key)


def retry_reply(*, reply: Message) -> Message:
    """A new reply to the same message, beside the one that didn't end well.

    Asked twice, it makes one.
    """
    conversation, owner = reply.conversation, reply.conversation.owner
    if owner is None:
        raise Conversation.DoesNotExist
    said = find_status_message(reply)
    if reply.status == Message.Status.COMPLETE and not (said and said.can_retry):
        raise TurnRefusedError(
            _("This reply is complete. Write what you would like to be different.")
        )
    with transaction.atomic():
        lock_user(owner.pk)
        conversation.refresh_from_db(fields=["leaf"])
        current = conversation.leaf
        if current and current.pk != reply.pk:
            if current.parent_id == reply.parent_id:
                return current
            raise TurnRefusedError(
                _("Newer messages follow this reply. Write what you would like now.")
            )
        refuse_when_busy(conversation)
        check_budget_with_hint(owner)
        return add_reply(conversation, reply.parent_id)


def get_earlier_turn(conversation: Conversation, idempotency_key: str) -> Turn:
    message = conversation.messages.get(turn_key=idempotency_key)
    return Turn(message, message.children.latest("id"))


def refuse_when_busy(conversation: Conversation) -> None:
    running = Message.objects.filter(
        conversation__owner_id=conversation.owner_id, status__in=Message.RUNNING
    )
    busy = set(running.values_list("conversation_id", flat=True))
    if conversation.pk in busy:
        raise TurnRefusedError(
            _("A reply is still being written. Wait for it or stop it, then send this again.")
        )
    if len(busy) >= settings.MAX_RUNNING_REPLIES:
        raise TurnRefusedError(
            ngettext(
                "%(count)d of your replies is still being written. "
                "Wait for it or stop it, then send this again.",
                "%(count)d of your replies are still being written. "
                "Wait for one or stop one, then send this again.",
                len(busy),
            )
            % {"count": len(busy)}
        )


def check_budget_with_hint(owner: User, *, hint: str = "") -> BudgetStatus:
    """Before the model is called: raises BudgetExceededError, with the hint in its words."""
    try:
        return budgets.check_budget(owner)
    except budgets.BudgetExceededError as error:
        raise error.with_hint(hint) from None


def add_turn(owner: User, conversation: Conversation, text: str, idempotency_key: str) -> Turn:
    """Raises IntegrityError when the same form has made one before, which is no reason to refuse
    it.
    """
    message = conversation.messages.create(
        parent_id=conversation.leaf_id, role=Message.Role.USER, text=text, turn_key=idempotency_key
    )
    refuse_when_busy(conversation)
    budget_status = check_budget_with_hint(owner, hint=_("Your text is still in the box."))
    budgets.UsageCounter.of_user(owner).add_usage(messages=1)
    return Turn(message, add_reply(conversation, message.pk), budget_status)


def add_reply(conversation: Conversation, parent_id: int | None) -> Message:
    """A pending reply at the end of the branch, handed to generation once it is committed."""
    reply = conversation.messages.create(
        parent_id=parent_id,
        role=Message.Role.ASSISTANT,
        status=Message.Status.PENDING,
        model=conversation.model,
    )
    conversation.leaf = reply
    conversation.last_activity_at = timezone.now()
    conversation.save(update_fields=["leaf", "last_activity_at"])
    transaction.on_commit(lambda: worker.start_writer(reply))
    return reply

"""A turn: the user's message and the reply that is to be written under it, in one transaction."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from chatsite.accounts.budgets import services as budgets
from chatsite.accounts.budgets.status import BudgetStatus
from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
from conversations import content, queries, tree
from conversations.attachments import sending
from conversations.comparisons.variants import Variant, refuse_alike
from conversations.instructions.variables import make_note
from conversations.model_catalog.catalog import find_model, get_context_budget
from conversations.models import Conversation, Message
from conversations.services import system_prompts, titles
from conversations.services.beginnings import Choices, begin_conversation
from conversations.services.model_choices import refuse_unseen_files, settle_model
from conversations.services.new_replies import NEW_MESSAGE, add_reply, add_second_reply
from conversations.services.turn_checks import (
    TurnRefusedError,
    check_budget_with_hint,
    refuse_when_busy,
)


@dataclass(frozen=True)
class Turn:
    message: Message
    reply: Message
    is_new: bool = field(default=False, compare=False)
    # The message whose replies were compared until this was sent, which kept the first.
    compared: int | None = field(default=None, compare=False)
    # Of its user when it was sent; unknown of a turn that was there already.
    budget_status: BudgetStatus | None = field(default=None, compare=False)
    # What its user is told of the model: that another had to answer.
    model_note: str = field(default="", compare=False)

    @property
    def budget_hint(self) -> str | None:
        return self.budget_status.budget_hint if self.budget_status else None


def start_conversation(
    *,
    owner: User,
    text: str,
    token: str,
    files: Sequence[uuid.UUID] = (),
    folder_id: uuid.UUID | None = None,
    choices: Choices | None = None,
    variant: Variant | None = None,
) -> Turn:
    """Makes a conversation with its first turn, in a folder if one is named; with a second reply
    beside the first if there is a variant. Raises Http404.

    The same form sent twice makes one: its id follows from the form.
    """
    new = begin_conversation(owner, choices or Choices())
    text = content.clean_message(
        text,
        system_prompt=new.system_prompt,
        budget=find_budget(new, variant),
        has_files=bool(files),
    )
    idempotency_key = content.make_idempotency_key(token, text, files)
    conversation_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{owner.pk}:{idempotency_key}")
    with transaction.atomic():
        lock_user(owner.pk)
        conversation = Conversation.objects.filter(pk=conversation_id).first()
        if conversation is None:
            new.pk = conversation_id
            new.folder = queries.get_folder(owner, folder_id) if folder_id else None
            new.title = titles.make_title(text or name_first_file(owner, files))
            new.save(force_insert=True)
            return add_turn(owner, new, None, text, idempotency_key, files, variant=variant)
        if conversation.deleted_at:
            raise TurnRefusedError(
                _(
                    "You have just deleted the conversation that this began. "
                    "Undo that, or send this again in about 20 seconds."
                )
            )
        return get_earlier_turn(conversation, idempotency_key)


def create_turn(
    *,
    owner: User,
    conversation_id: uuid.UUID,
    text: str,
    token: str,
    files: Sequence[uuid.UUID] = (),
    seen: int | None = None,
    model: str = "",
    variant: Variant | None = None,
) -> Turn:
    """Adds a turn to the end of the branch that holds the message of id `seen`, which its sender
    looked at, or of the shown one; `model` answers from now on, if one is named, and with a variant
    there is a second reply. The same form sent
    twice adds one.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        conversation = queries.get_conversation(owner, conversation_id)
        note = settle_model(owner=owner, conversation=conversation, identifier=model)
        path = tree.find_path_through(conversation, seen) if seen else []
        parent_id = path[-1] if path else conversation.leaf_id
        turn = add_turn_once(owner, conversation, parent_id, text, token, files, variant=variant)
        return replace(turn, model_note=note)


def edit_message(
    *, owner: User, conversation_id: uuid.UUID, message_id: int, text: str, token: str
) -> Turn:
    """Adds a turn beside a message of the user: another version of it, with the same files. The
    same form sent twice adds one. Raises Http404.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        message = queries.get_message(owner, conversation_id, message_id)
        if not message.is_user:
            raise Http404
        token = f"edit {message.pk} {token}"
        note = settle_model(owner=owner, conversation=message.conversation)
        turn = add_turn_once(
            owner, message.conversation, message.parent_id, text, token, edited=message
        )
        return replace(turn, model_note=note)


def find_budget(conversation: Conversation, variant: Variant | None) -> int:
    """Return the tokens that a message may be sent with: of two models that are to answer it, those
    of the one that takes less.
    """
    budgets = [get_context_budget(conversation)]
    if variant and variant.model:
        budgets.append(find_model(variant.model).context_budget)
    return min(budgets)


def name_first_file(owner: User, files: Sequence[uuid.UUID]) -> str:
    return sending.get_unsent_files(owner, files)[0].name


def get_earlier_turn(conversation: Conversation, idempotency_key: str) -> Turn:
    """Return the turn that a form has made before. Raises TurnRefusedError where its message, or
    all that answered it, was deleted since.
    """
    message = conversation.messages.filter(idempotency_key=idempotency_key).first()
    by_place = F("slot").asc(nulls_first=True), "-id"
    reply = message.children.order_by(*by_place).first() if message else None
    if message is None or reply is None:
        raise TurnRefusedError(
            _(
                "This was sent already, and has been deleted since. "
                "Reload the page to send it again."
            )
        )
    return Turn(message, reply)


def add_turn_once(
    owner: User,
    conversation: Conversation,
    parent_id: int | None,
    text: str,
    token: str,
    files: Sequence[uuid.UUID] = (),
    *,
    edited: Message | None = None,
    variant: Variant | None = None,
) -> Turn:
    """The turn that the form has made before, or a new one. Raises InvalidMessageError."""
    system_prompts.hold_preamble(conversation, owner)
    text = content.clean_message(
        text,
        system_prompt=conversation.system_prompt,
        budget=find_budget(conversation, variant),
        has_files=bool(files or (edited and edited.file_count)),
    )
    idempotency_key = content.make_idempotency_key(token, text, files)
    try:
        with transaction.atomic():
            return add_turn(
                owner,
                conversation,
                parent_id,
                text,
                idempotency_key,
                files,
                edited=edited,
                variant=variant,
            )
    except IntegrityError:
        return get_earlier_turn(conversation, idempotency_key)


def add_turn(
    owner: User,
    conversation: Conversation,
    parent_id: int | None,
    text: str,
    idempotency_key: str,
    files: Sequence[uuid.UUID] = (),
    *,
    edited: Message | None = None,
    variant: Variant | None = None,
) -> Turn:
    """Its files are those that wait under these ids, or those of the message that it is another
    version of.

    Raises IntegrityError when the same form has made one before, which is no reason to refuse
    it.
    """
    message = NEW_MESSAGE.insert(
        Message(
            conversation=conversation,
            parent_id=parent_id,
            role=Message.Role.USER,
            text=text,
            context_note=make_note(
                conversation.system_prompt, timezone.localtime(timezone=owner.zone)
            ),
            idempotency_key=idempotency_key,
        )
    )
    if files:
        sending.attach_files(message, sending.get_unsent_files(owner, files))
    elif edited:
        sending.copy_files(edited, message)
    content.check_files(
        message,
        system_prompt=conversation.system_prompt,
        budget=find_budget(conversation, variant),
        request_limit=settings.MODEL_REQUEST_LIMIT,
        # The files of an earlier version are in a message already.
        can_choose=edited is None,
    )
    if variant:
        refuse_alike(conversation, variant)
    if files:
        refuse_unseen_files(message, find_model(conversation.model))
        if variant and variant.model:
            refuse_unseen_files(message, find_model(variant.model))
    wanted = 2 if variant else 1
    refuse_when_busy(conversation, wanted=wanted)
    budget_status = check_budget_with_hint(
        owner, replies=wanted, hint=_("Your text is still in the box.")
    )
    budgets.UsageCounter.of_user(owner).add_usage(messages=wanted)
    compared = conversation.compared
    reply = add_reply(conversation, message.pk)
    if variant:
        add_second_reply(conversation, message, variant)
    return Turn(message, reply, is_new=True, compared=compared, budget_status=budget_status)

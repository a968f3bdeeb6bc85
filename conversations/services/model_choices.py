"""Which model a conversation goes on with: the chosen one, if its owner may use it still."""

import uuid

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
from conversations import content, queries
from conversations.attachments.chat_parts import has_text, is_sent_as_text
from conversations.attachments.queries import load_files
from conversations.content import InvalidMessageError
from conversations.model_catalog import catalog
from conversations.model_catalog.catalog import CatalogModel, ModelUnavailableError
from conversations.models import Attachment, Conversation, Message
from conversations.services.system_prompts import restart_counting


def choose_conversation_model(
    *, owner: User, conversation_id: uuid.UUID, identifier: str
) -> Conversation:
    """Raises Http404, ModelUnavailableError."""
    with transaction.atomic():
        lock_user(owner.pk)
        conversation = queries.get_conversation(owner, conversation_id)
        settle_model(owner=owner, conversation=conversation, identifier=identifier)
    return conversation


def settle_model(*, owner: User, conversation: Conversation, identifier: str = "") -> str:
    """Have a conversation go on with the model that a form names; where it names none, with its
    own, or with the default if its owner may not use that any more. Return what they are told of
    the latter. Raises ModelUnavailableError.
    """
    if identifier:
        change_model(conversation, catalog.choose_model(owner, identifier))
        return ""
    if catalog.find_usable(owner, conversation.model):
        return ""
    before, instead = catalog.find_model(conversation.model), catalog.get_default_model(owner)
    change_model(conversation, instead)
    return catalog.describe_replacement(before, instead)


def change_model(conversation: Conversation, model: CatalogModel) -> None:
    """Save which model answers from now on. What another has counted says nothing of what it is
    sent.
    """
    if conversation.model == model.identifier:
        return
    conversation.model = model.identifier
    restart_counting(conversation)
    conversation.save(update_fields=["model", "counted_from"])


def refuse_small_model(reply: Message, model: CatalogModel) -> None:
    """Raise ModelUnavailableError where this model can't be sent what a reply answers: another, or
    other settings, were there when it was written.
    """
    asked = reply.parent
    if asked is None:
        return
    load_files([asked])
    room = content.find_room(
        asked,
        system_prompt=reply.conversation.system_prompt,
        budget=model.context_budget,
        limit=settings.MODEL_REQUEST_LIMIT,
    )
    if not room.holds(content.list_files(asked)):
        raise ModelUnavailableError(
            _(
                "This message is too long for “%(model)s”, which is sent at most %(budget)s "
                "tokens. Choose another model, or edit the message."
            )
            % {"model": model.label, "budget": f"{model.context_budget:,}"}
        )


def refuse_unseen_files(message: Message, model: CatalogModel) -> None:
    """Raise InvalidMessageError where a message has a file of which this model would see nothing.

    Of a PDF it gets the text. Where a site sends all files as text, that is how it wants it.
    """
    if settings.FILES_AS_TEXT or (model.reads_images and model.reads_files):
        return
    for file in content.list_files(message):
        names = {"name": file.name, "model": model.label}
        if file.kind == Attachment.Kind.IMAGE and not model.reads_images:
            if not is_sent_as_text(file):
                raise InvalidMessageError(
                    _(
                        "“%(model)s” can’t see images. Choose another model, or remove "
                        "“%(name)s”. Your text is still in the box."
                    )
                    % names
                )
        elif file.kind == Attachment.Kind.PDF and not model.reads_files and not has_text(file):
            raise InvalidMessageError(
                _(
                    "“%(model)s” reads only the text of PDFs, and “%(name)s” has none. Choose "
                    "another model, or remove the file. Your text is still in the box."
                )
                % names
            )

"""Another assistant for a conversation that has begun, or a newer version of its own: it holds from
the next reply on.
"""

import uuid

from django.conf import settings
from django.db import transaction

from chatsite.accounts.models import User
from chatsite.core.locks import lock_user
from conversations import queries
from conversations.instructions.composing import compose_parts
from conversations.instructions.parts import PromptParts
from conversations.model_catalog import catalog
from conversations.models import AssistantVersion, Conversation
from conversations.services.beginnings import find_assistant
from conversations.services.change_feed import publish_change
from conversations.services.model_choices import change_model
from conversations.services.system_prompts import change_system_prompt


def use_assistant(
    *, owner: User, conversation_id: uuid.UUID, assistant_id: uuid.UUID | None
) -> Conversation:
    """Has a conversation go by an assistant as it is now, or by the site's own ways. Its model
    changes where the assistant has one that its owner may use. Raises Http404,
    AssistantUnavailableError.
    """
    with transaction.atomic():
        lock_user(owner.pk)
        conversation = queries.get_conversation(owner, conversation_id)
        assistant = find_assistant(owner, assistant_id) if assistant_id else None
        version = assistant.latest if assistant else None
        if assistant == conversation.assistant and version == conversation.assistant_version:
            return conversation
        conversation.assistant, conversation.assistant_version = assistant, version
        conversation.save(update_fields=["assistant", "assistant_version"])
        if version and (model := catalog.find_usable(owner, version.model)):
            change_model(conversation, model)
        change_base(owner, conversation, version)
        publish_change(owner.pk)
    return conversation


def change_base(owner: User, conversation: Conversation, version: AssistantVersion | None) -> None:
    """What the user says of themselves stays on or off, as it was for this conversation."""
    kept = PromptParts.from_stored(conversation.prompt_parts, conversation.system_prompt)
    base_text = version.instructions if version else settings.SYSTEM_PROMPT
    change_system_prompt(conversation, compose_parts(owner, base_text, bool(kept.own)))

"""What a conversation begins with: the model, the system prompt and its parts, an assistant."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from chatsite.accounts.models import User
from chatsite.core.errors import UserFacingError
from conversations.assistants import queries as assistants
from conversations.instructions.composing import compose_parts
from conversations.model_catalog import catalog
from conversations.models import Assistant, AssistantVersion, Conversation


class AssistantUnavailableError(UserFacingError):
    """The assistant isn't there any more, or not for this user."""

    status = 422


@dataclass(frozen=True)
class Choices:
    """What was chosen for a new chat; whether it may be is asked when it begins.

    `model`: its name at the API, "" for that of the assistant, or else the default.
    `uses_own_instructions`: None for as the user has set it for new chats.
    """

    model: str = ""
    assistant_id: uuid.UUID | None = None
    uses_own_instructions: bool | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


def begin_conversation(owner: User, choices: Choices) -> Conversation:
    """Return a conversation that isn't saved yet. Raises ModelUnavailableError,
    AssistantUnavailableError.
    """
    assistant = find_assistant(owner, choices.assistant_id) if choices.assistant_id else None
    version = assistant.latest if assistant else None
    base_text = version.instructions if version else settings.SYSTEM_PROMPT
    parts = compose_parts(owner, base_text, choices.uses_own_instructions)
    return Conversation(
        owner=owner,
        assistant=assistant,
        assistant_version=version,
        model=choose_model(owner, choices.model, version).identifier,
        system_prompt=parts.compose(),
        prompt_parts=parts.to_stored(),
        parameters=dict(choices.parameters),
    )


def find_assistant(owner: User, assistant_id: uuid.UUID) -> Assistant:
    """Raises AssistantUnavailableError."""
    if assistant := assistants.find_usable(owner, assistant_id):
        return assistant
    raise AssistantUnavailableError(
        _("This assistant is not available to you any more. Choose another one, or none.")
    )


def choose_model(
    owner: User, chosen: str, version: AssistantVersion | None = None
) -> catalog.CatalogModel:
    """Return what was chosen, or else the assistant's model as far as the user may have it, or else
    the default. Raises ModelUnavailableError.
    """
    if not chosen and version and (found := catalog.find_usable(owner, version.model)):
        return found
    return catalog.choose_model(owner, chosen)

"""What a conversation begins with: the model, the system prompt and its parts, an assistant."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from chatsite.accounts.models import User
from conversations.instructions.composing import compose_parts
from conversations.model_catalog import catalog
from conversations.models import Conversation


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
    """Return a conversation that isn't saved yet. Raises ModelUnavailableError."""
    parts = compose_parts(owner, settings.SYSTEM_PROMPT, choices.uses_own_instructions)
    return Conversation(
        owner=owner,
        model=catalog.choose_model(owner, choices.model).identifier,
        system_prompt=parts.compose(),
        prompt_parts=parts.to_stored(),
        parameters=dict(choices.parameters),
    )

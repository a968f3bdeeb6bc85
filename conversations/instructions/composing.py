"""Puts together what the model is told, from what administrators, assistants and users have set."""

import hashlib
from dataclasses import replace

from django.utils.translation import get_language

from chatsite.accounts.models import User
from conversations.instructions import variables
from conversations.instructions.models import InstructionPolicy, OwnInstructions
from conversations.instructions.parts import PromptParts

# In English, as all that the site itself says to the model.
ABOUT_ME = "About the user, in their own words:"
HOW_TO_REPLY = "How the user wants you to reply, in their own words:"


def compose_parts(user: User, base_text: str, uses_own: bool | None = None) -> PromptParts:
    """Return the parts of a system prompt whose base, of an assistant or of the site, is this text
    before its variables are resolved. `uses_own`: None for as the user has set it.
    """
    parts = hold_preamble(resolve_part(PromptParts(), user, base=base_text), user)
    return replace(parts, own=compose_own(read_own(user), uses_own))


def hold_preamble(parts: PromptParts, user: User) -> PromptParts:
    """Return the parts with the administrators' preamble of today; as they are where they have it,
    whatever the user's name and language were then.
    """
    source = InstructionPolicy.current().preamble.strip()
    version = hashlib.sha256(source.encode()).hexdigest()[:16] if source else ""
    if version == parts.preamble_version:
        return parts
    return replace(resolve_part(parts, user, preamble=source), preamble_version=version)


def resolve_part(parts: PromptParts, user: User, **texts: str) -> PromptParts:
    """Return the parts with one of them, its variables resolved. By the name that the user has in
    another one they stay called: a conversation knows one of them.
    """
    values = variables.list_values(
        name=parts.name or user.get_short_name(), language=user.language or get_language() or "en"
    )
    name = values["name"] if any(map(variables.has_name, texts.values())) else parts.name
    resolved = {part: variables.resolve(text, values) for part, text in texts.items()}
    return replace(parts, **{**resolved, "name": name})


def read_own(user: User) -> OwnInstructions | None:
    """Return the user's instructions, if they have any."""
    found = OwnInstructions.objects.filter(pk=user.pk).first()
    return found if found and found.is_any else None


def compose_own(own: OwnInstructions | None, uses_own: bool | None = None) -> str:
    if own is None or not (own.is_on if uses_own is None else uses_own):
        return ""
    said = [(ABOUT_ME, own.about_me), (HOW_TO_REPLY, own.how_to_reply)]
    return "\n\n".join(f"{heading}\n{text.strip()}" for heading, text in said if text.strip())

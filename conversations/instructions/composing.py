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
    return replace(
        hold_preamble(PromptParts(base=resolve_for(user, base_text)), user),
        own=compose_own(read_own(user), uses_own),
    )


def hold_preamble(parts: PromptParts, user: User) -> PromptParts:
    """Return the parts with the administrators' preamble of today; as they are where they have it,
    whatever the user's name and language were then.
    """
    source = InstructionPolicy.current().preamble.strip()
    version = hashlib.sha256(source.encode()).hexdigest()[:16] if source else ""
    if version == parts.preamble_version:
        return parts
    return replace(parts, preamble=resolve_for(user, source), preamble_version=version)


def resolve_for(user: User, text: str) -> str:
    language = user.language or get_language() or "en"
    return variables.resolve(
        text, variables.list_values(name=user.get_short_name(), language=language)
    )


def read_own(user: User) -> OwnInstructions | None:
    """Return the user's instructions, if they have any."""
    found = OwnInstructions.objects.filter(pk=user.pk).first()
    return found if found and found.is_any else None


def compose_own(own: OwnInstructions | None, uses_own: bool | None = None) -> str:
    if own is None or not (own.is_on if uses_own is None else uses_own):
        return ""
    said = [(ABOUT_ME, own.about_me), (HOW_TO_REPLY, own.how_to_reply)]
    return "\n\n".join(f"{heading}\n{text.strip()}" for heading, text in said if text.strip())

"""What a conversation's model is told, part for part, under the names of those who say it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from conversations.instructions.parts import PromptParts
from conversations.models import Conversation


@dataclass(frozen=True)
class Section:
    heading: str
    text: str


def list_sections(
    conversation: Conversation, parts: PromptParts, *, own_heading: str = ""
) -> list[Section]:
    """Return the parts that there are, in the order in which they are sent."""
    found = [
        Section(_("From the administrators"), parts.preamble.strip()),
        Section(name_base(conversation), parts.base.strip()),
        Section(own_heading or _("The user’s instructions"), parts.own.strip()),
    ]
    return [section for section in found if section.text]


def name_base(conversation: Conversation) -> str:
    if version := conversation.assistant_version:
        return _("Instructions of “%(assistant)s”") % {"assistant": version.name}
    return _("Instructions of this site")
